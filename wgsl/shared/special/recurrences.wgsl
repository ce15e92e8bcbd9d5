#import shared/special/degree
// Polynomials by their three-term recurrences, p(k + 1) from p(k) and p(k - 1), with an exponent beside the values.

// Beyond so many steps the answer is NaN, rather than a GPU that hangs.
const MOST_STEPS = 1048576;

struct TermPair { previous: f32, last: f32, exponent: i32 }

fn next_term(terms: TermPair, next: f32) -> TermPair {
  let e = excess_of(next, terms.last);
  let scale = power_of_two(-e);
  return TermPair(terms.last * scale, next * scale, terms.exponent + e);
}

fn is_settled(terms: TermPair) -> bool {
  return terms.exponent > 1024 || is_nan(terms.last);
}

// p(k + 1) = 2 x p(k) - 2 k p(k - 1)
fn hermite_polynomial_h(x: f32, degree: f32) -> f32 {
  let n = degree_of(degree);
  if n <= 0 { return select(0.0, 1.0, n == 0); }
  if n > MOST_STEPS { return nan_beside(x); }
  var terms = TermPair(1.0, 2.0 * x, 0);
  for (var k = 1; k < n && !is_settled(terms); k++) {
    terms = next_term(terms, 2.0 * x * terms.last - 2.0 * f32(k) * terms.previous);
  }
  return scaled_back(terms.last, terms.exponent);
}

// p(k + 1) = x p(k) - k p(k - 1)
fn hermite_polynomial_he(x: f32, degree: f32) -> f32 {
  let n = degree_of(degree);
  if n <= 0 { return select(0.0, 1.0, n == 0); }
  if n > MOST_STEPS { return nan_beside(x); }
  var terms = TermPair(1.0, x, 0);
  for (var k = 1; k < n && !is_settled(terms); k++) {
    terms = next_term(terms, x * terms.last - f32(k) * terms.previous);
  }
  return scaled_back(terms.last, terms.exponent);
}

// p(k + 1) = ((2 k + 1 - x) p(k) - k p(k - 1)) / (k + 1)
fn laguerre_polynomial_l(x: f32, degree: f32) -> f32 {
  let n = degree_of(degree);
  if n < 0 { return 0.0; }
  if n == 0 || x == 0.0 { return 1.0; }
  if n > MOST_STEPS { return nan_beside(x); }
  var terms = TermPair(1.0, 1.0 - x, 0);
  for (var k = 1; k < n && !is_settled(terms); k++) {
    let next = (f32(2 * k + 1) - x) * terms.last - f32(k) * terms.previous;
    terms = next_term(terms, next / f32(k + 1));
  }
  return scaled_back(terms.last, terms.exponent);
}

// p(k + 1) = ((2 k + 1) x p(k) - k p(k - 1)) / (k + 1)
fn legendre_polynomial_p(x: f32, degree: f32) -> f32 {
  let n = degree_of(degree);
  if n < 0 { return 0.0; }
  if n == 0 || abs(x) == 1.0 { return select(1.0, x, (n & 1) == 1); }
  if n > MOST_STEPS { return nan_beside(x); }
  var terms = TermPair(1.0, x, 0);
  for (var k = 1; k < n && !is_settled(terms); k++) {
    let next = f32(2 * k + 1) * (x * terms.last) - f32(k) * terms.previous;
    terms = next_term(terms, next / f32(k + 1));
  }
  return scaled_back(terms.last, terms.exponent);
}
