// Elementary functions of two numbers.
#import shared/inverse-trigonometry
#import shared/math

// The angle of the point (x, y), in (-pi, pi], with C's signs at zeros and infinities: the angle of the smaller coordinate
// over the larger one, mirrored into its octant. pi is subtracted from in two parts.
fn atan2_(y: f32, x: f32) -> f32 {
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  let larger = max(abs(x), abs(y));
  let smaller = min(abs(x), abs(y));
  var tangent = 0.0; // of (0, 0), and of a number beside infinity
  if larger > 0.0 && smaller == larger { tangent = 1.0; }
  else if larger > 0.0 && larger <= 0x1.fffffep+127 { tangent = smaller / larger; }
  var angle = atan_(tangent);
  if abs(y) > abs(x) { angle = (1.57079637 - angle) - 4.37113883e-8; }
  if bitcast<u32>(x) >> 31u == 1u { angle = (3.14159274 - angle) - 8.74227766e-8; }
  return bitcast<f32>(bitcast<u32>(angle) | (bitcast<u32>(y) & 0x80000000u));
}

fn is_infinite(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) == 0x7f800000u;
}

// sqrt(x^2 + y^2) without overflow on the way.
fn hypot_(x: f32, y: f32) -> f32 {
  let larger = max(abs(x), abs(y));
  if is_infinite(x) || is_infinite(y) { return infinity_beside(x); }
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  if larger == 0.0 { return 0.0; }
  let ratio = min(abs(x), abs(y)) / larger;
  return larger * sqrt(1.0 + ratio * ratio);
}

// log(e^x + e^y) = m + log(1 + e^(-|x - y|)) with the larger one m.
fn logaddexp_(x: f32, y: f32) -> f32 {
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  if x == y { return x + 0.69314718; } // infinities too
  return max(x, y) + log1p(exp_(-abs(x - y)));
}
fn logaddexp2_(x: f32, y: f32) -> f32 {
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  if x == y { return x + 1.0; }
  return max(x, y) + 1.44269504 * log1p(exp_(-0.69314718 * abs(x - y)));
}

// x log(y), and 0 where x is 0; NaN where y is.
fn xlogy_(x: f32, y: f32) -> f32 {
  if x == 0.0 && !is_nan(y) && !is_nan(x) { return 0.0; }
  return x * log_(y);
}
fn xlog1py_(x: f32, y: f32) -> f32 {
  if x == 0.0 && !is_nan(y) && !is_nan(x) { return 0.0; }
  return x * log1p(y);
}
