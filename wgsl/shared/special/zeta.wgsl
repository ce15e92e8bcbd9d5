#import shared/math
// Hurwitz's zeta function: sum over k >= 0 of (q + k)^-s.

// For q > 0: terms until they no longer matter or 9 are added and q + k > 9; the rest by Euler and Maclaurin's formula.
fn zeta_positive(s: f32, q: f32) -> f32 {
  if q > 1e8 { return exp_((1.0 - s) * log_(q)) / (s - 1.0); }
  var a = q;
  var term = 0.0;
  var sum = 0.0;
  for (var k = 0u; k <= 9u || a <= 10.0; k++) {
    term = exp_(-s * log_(a));
    sum += term;
    if k > 0u && term < 1e-9 * sum { return sum; }
    a += 1.0;
  }
  if term == 0.0 { return sum; }
  a -= 1.0; // of the last term, of which the formula takes a half back
  let t = 1.0 / a;
  let third = (s + 1.0) * (s + 2.0) * t * t / 60.0;
  let fifth = (s + 3.0) * (s + 4.0) * t * t / 42.0;
  return sum + term * (a / (s - 1.0) - 0.5 + s * t / 12.0 * (1.0 - third * (1.0 - fifth)));
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
  // For q < 0 and whole s, with fractions f of q and t of -q, the sum has two arms:
  // zeta(s, f) + (-1)^s (zeta(s, t) - zeta(s, 1 - q)). A loop, because compilers copy what is called thrice.
  let f = q - floor(q);
  let t = -q - floor(-q);
  var points = vec3f(f, t, 1.0 - q);
  if q > 0.0 { points.x = q; }
  var sums = vec3f(0.0);
  for (var i = 0u; i < select(1u, 3u, q < 0.0); i++) {
    sums[i] = zeta_positive(s, points[i]);
  }
  let left = sums.y - sums.z;
  if q > 0.0 { return sums.x; }
  if floor(s * 0.5) * 2.0 == s { return sums.x + left; }
  // Where both arms overflow the one with the nearer pole decides, unless both overflow float64 too, as in PyTorch.
  if min(sums.x, left) > 0x1.fffffep+127 && f != t {
    return select(select(sums.x, -left, t < f), nan_beside(s), s * log_(max(f, t)) < -709.78);
  }
  return sums.x - left;
}

// The derivative of digamma: zeta(2, x), and 0 at infinity.
fn trigamma(x: f32) -> f32 {
  if x > 0x1.fffffep+127 { return 0.0; }
  if x < -0x1.fffffep+127 { return nan_beside(x); }
  return zeta(2.0, x);
}
