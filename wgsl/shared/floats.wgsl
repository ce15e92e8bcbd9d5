// Floats as sign, exponent and mantissa.
#import shared/math

// The float after x on the way to y, by its bits: those of one sign are ordered as their bits are.
fn nextafter_(x: f32, y: f32) -> f32 {
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  let a = bitcast<u32>(x);
  let b = bitcast<u32>(y);
  if a == b || ((a | b) & 0x7fffffffu) == 0u { return y; }
  if (a & 0x7fffffffu) == 0u { return bitcast<f32>((b & 0x80000000u) | 1u); }
  let is_away = a >> 31u == b >> 31u && (b & 0x7fffffffu) > (a & 0x7fffffffu);
  return bitcast<f32>(select(a - 1u, a + 1u, is_away));
}

// The exponent e of x = m 2^e with 1/2 <= |m| < 1; 0 for 0, infinity and NaN.
fn frexp_exponent(x: f32) -> i32 {
  let a = bitcast<u32>(x) & 0x7fffffffu;
  if a == 0u || a >= 0x7f800000u { return 0; }
  if a < 0x800000u { return -117 - i32(countLeadingZeros(a)); } // a 2^-149, and a has 32 - zeros digits
  return i32(a >> 23u) - 126;
}

// The mantissa m of the same.
fn frexp_mantissa(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  let a = bits & 0x7fffffffu;
  if a == 0u || a >= 0x7f800000u { return x; }
  let digits = select(a, a << (countLeadingZeros(a) - 8u), a < 0x800000u) & 0x7fffffu;
  return bitcast<f32>((bits & 0x80000000u) | 0x3f000000u | digits);
}

// 2^-e, as far as floats go.
fn frexp_scale(x: f32) -> f32 {
  return power_of_two(clamp(-frexp_exponent(x), -126, 127));
}
