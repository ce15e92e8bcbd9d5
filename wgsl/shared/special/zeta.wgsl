#import shared/math
// Hurwitz's zeta function: sum over k >= 0 of (q + k)^-s.

// For q > 0: terms until they no longer matter or 9 are added and q + k > 9; the rest by Euler and Maclaurin's formula.
fn zeta_positive(s: f32, q: f32) -> f32 {
  var a = q;
  var term = pow_(q, -s);
  var sum = term;
  for (var k = 0u; k < 9u || a <= 9.0; k++) {
    a += 1.0;
    term = pow_(a, -s);
    sum += term;
    if term < 1e-9 * sum { return sum; }
  }
  let rest = sum + pow_(a, 1.0 - s) / (s - 1.0);
  if term == 0.0 { return rest; }
  let t = 1.0 / a;
  let third = (s + 1.0) * (s + 2.0) * t * t / 60.0;
  let fifth = (s + 3.0) * (s + 4.0) * t * t / 42.0;
  return rest - term * (0.5 - s * t / 12.0 * (1.0 - third * (1.0 - fifth)));
}

// For q < 0 and whole s: with fractions f of q and t of -q the sum has two arms,
// zeta(s, f) + (-1)^s (zeta(s, t) - zeta(s, 1 - q)). Where both overflow, the arm with the nearer pole decides, unless both
// overflow float64 too, as they do in PyTorch.
fn zeta_negative(s: f32, q: f32) -> f32 {
  let f = q - floor(q);
  let t = -q - floor(-q);
  let right = zeta_positive(s, f);
  let left = zeta_positive(s, t) - zeta_positive(s, 1.0 - q);
  let is_even = floor(s * 0.5) * 2.0 == s;
  if is_even { return right + left; }
  if min(right, left) > 0x1.fffffep+127 && f != t {
    return select(select(right, -left, t < f), nan_beside(s), s * log_(max(f, t)) < -709.78);
  }
  return right - left;
}

// At q = infinity, and at q > 1 where s^23 overflows float64, PyTorch's series finds infinity times 0.
fn zeta(s: f32, q: f32) -> f32 {
  if is_nan(s) || is_nan(q) || s < 1.0 { return nan_beside(s); }
  if s == 1.0 || (q <= 0.0 && q == floor(q)) { return infinity_beside(s); }
  if q < 0.0 && s != floor(s) { return nan_beside(s); }
  if s > 2.5e13 {
    if q > 1.0 { return nan_beside(s); }
    return select(infinity_beside(s), 1.0, q == 1.0);
  }
  if q > 0x1.fffffep+127 { return nan_beside(s); }
  if q < 0.0 { return zeta_negative(s, q); }
  return zeta_positive(s, q);
}

// The derivative of digamma: zeta(2, x), and 0 at infinity.
fn trigamma(x: f32) -> f32 {
  if x > 0x1.fffffep+127 { return 0.0; }
  if x < -0x1.fffffep+127 { return nan_beside(x); }
  return zeta(2.0, x);
}
