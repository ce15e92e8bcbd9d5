// Division with a remainder as C and Python have it, exact for quotients of any size: WGSL's x % y is x - y trunc(x / y), and
// all digits of the remainder are wrong once the quotient has more digits than a float.
#import shared/math

// The remainder with the sign of x (C's fmod): long division of the mantissas, 8 binary digits at a time.
fn fmod_(x: f32, y: f32) -> f32 {
  let sign = bitcast<u32>(x) & 0x80000000u;
  let a = bitcast<u32>(x) & 0x7fffffffu;
  let b = bitcast<u32>(y) & 0x7fffffffu;
  if b == 0u || a >= 0x7f800000u || b > 0x7f800000u { return nan_beside(x); }
  if a < b { return x; }
  let exponent_a = max(a >> 23u, 1u);
  let exponent_b = max(b >> 23u, 1u);
  let mantissa_b = select(b & 0x7fffffu, (b & 0x7fffffu) | 0x800000u, b >= 0x800000u);
  var rest = select(a & 0x7fffffu, (a & 0x7fffffu) | 0x800000u, a >= 0x800000u) % mantissa_b;
  for (var digits = exponent_a - exponent_b; digits > 0u; ) {
    let step = min(digits, 8u);
    rest = (rest << step) % mantissa_b;
    digits -= step;
  }
  if rest == 0u { return bitcast<f32>(sign); }
  // rest * 2^(exponent_b - 150), its first digit moved to where a mantissa has it, or as far as the exponent lets it.
  let shift = min(countLeadingZeros(rest) - 8u, exponent_b - 1u);
  let mantissa = rest << shift;
  let exponent = select(0u, exponent_b - shift, mantissa >= 0x800000u);
  return bitcast<f32>(sign | (exponent << 23u) | (mantissa & 0x7fffffu));
}

// The remainder with the sign of y: x - y floor(x / y).
fn remainder_(x: f32, y: f32) -> f32 {
  let r = fmod_(x, y);
  return select(r, r + y, r != 0.0 && (r < 0.0) != (y < 0.0));
}

// floor(x / y) of the exact quotient, as Python's //: what the remainder leaves is divisible.
fn floor_divide_(x: f32, y: f32) -> f32 {
  if y == 0.0 { return x / y; }
  let r = fmod_(x, y);
  let quotient = (x - r) / y;
  return round(select(quotient, quotient - 1.0, r != 0.0 && (r < 0.0) != (y < 0.0)));
}

// trunc of the float nearest to x / y, however the adapter rounds: the whole number below the exact quotient, or the next one
// if what is missing to it is at most half the last digit of a float there.
fn trunc_divide_(x: f32, y: f32) -> f32 {
  let quotient = x / y;
  if !(abs(quotient) < 8388608.0) { return quotient; } // 2^23: whole, or no number
  var whole = 0.0;
  if abs(y) <= 0x1.fffffep+127 {
    let rest = abs(fmod_(x, y));
    whole = round((abs(x) - rest) / abs(y));
    let half_digit = bitcast<f32>(max(bitcast<u32>(whole), 0x3f000000u) & 0x7f800000u) * 0x1p-24;
    if abs(y) - rest <= abs(y) * half_digit { whole += 1.0; }
  }
  return bitcast<f32>(bitcast<u32>(whole) | ((bitcast<u32>(x) ^ bitcast<u32>(y)) & 0x80000000u));
}
