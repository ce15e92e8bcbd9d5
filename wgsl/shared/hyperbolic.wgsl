// Hyperbolic sine and cosine, and the inverses of these and of the hyperbolic tangent.
#import shared/math

// Beyond 10 only one exponential counts; it is the square of that of x / 2, which does not overflow before the result does.
fn sinh_(x: f32) -> f32 {
  let a = abs(x);
  var result = 0.0;
  if a > 10.0 {
    let half = exp_(0.5 * a);
    result = (0.5 * half) * half;
  } else {
    let e = expm1(a);
    result = 0.5 * (e + e / (e + 1.0));
  }
  return select(result, -result, x < 0.0);
}
fn cosh_(x: f32) -> f32 {
  let a = abs(x);
  if a > 10.0 {
    let half = exp_(0.5 * a);
    return (0.5 * half) * half;
  }
  let e = exp_(a);
  return 0.5 * (e + 1.0 / e);
}

// log(x + sqrt(x^2 + 1)); where the square would overflow, log(2 x).
fn asinh_(x: f32) -> f32 {
  let a = abs(x);
  var result = 0.0;
  if a > 1e15 { result = log_(a) + 0.69314718; } else { result = log1p(a + a * a / (1.0 + sqrt(1.0 + a * a))); }
  return select(result, -result, x < 0.0);
}

// log(x + sqrt(x^2 - 1)), with t = x - 1 for its digits near 1.
fn acosh_(x: f32) -> f32 {
  if x < 1.0 { return nan_beside(x); }
  if x > 1e15 { return log_(x) + 0.69314718; }
  let t = x - 1.0;
  return log1p(t + sqrt(t * (2.0 + t)));
}

// log((1 + x) / (1 - x)) / 2
fn atanh_(x: f32) -> f32 {
  let a = abs(x);
  if a > 1.0 { return nan_beside(x); }
  var result = 0.5 * log1p(2.0 * a / (1.0 - a));
  if a == 1.0 { result = infinity_beside(x); }
  return select(result, -result, x < 0.0);
}
