// Elementary functions with C's results. WGSL's own leave NaN, zero and infinity to the adapter (SwiftShader has
// exp(NaN) = infinity, log(-1) = 0, log(0) = -88), and tanh and log lose their digits near 0 and 1.
#import shared/elementary

fn is_nan(x: f32) -> bool {
  return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u;
}

// WGSL has no literals for these, and folds expressions that make them; the argument keeps the compiler from knowing.
fn nan_beside(x: f32) -> f32 {
  return bitcast<f32>(bitcast<u32>(x) | 0x7fc00000u);
}
fn infinity_beside(x: f32) -> f32 {
  return bitcast<f32>((bitcast<u32>(x) & 0u) | 0x7f800000u);
}

// 2^n for -126 <= n <= 127.
fn power_of_two(n: i32) -> f32 {
  return bitcast<f32>((n + 127) << 23u);
}

// These compute as their forms for four numbers do (elementary.wgsl).
fn exp_(x: f32) -> f32 { return exp_of_four(vec4f(x)).x; }
fn exp2_(x: f32) -> f32 { return exp2_of_four(vec4f(x)).x; }
fn expm1(x: f32) -> f32 { return expm1_of_four(vec4f(x)).x; }
fn log_(x: f32) -> f32 { return log_of_four(vec4f(x)).x; }
fn log2_(x: f32) -> f32 { return log2_of_four(vec4f(x)).x; }
fn log10_(x: f32) -> f32 { return log10_of_four(vec4f(x)).x; }
fn log1p(x: f32) -> f32 { return log1p_of_four(vec4f(x)).x; }
fn sqrt_(x: f32) -> f32 { return sqrt_of_four(vec4f(x)).x; }
fn tanh_(x: f32) -> f32 { return tanh_of_four(vec4f(x)).x; }
fn sigmoid(x: f32) -> f32 { return sigmoid_of_four(vec4f(x)).x; }

// log(x / (1 - x))
fn logit(x: f32) -> f32 {
  if x == 1.0 { return infinity_beside(x); }
  return log_(x / (1.0 - x));
}

// x^y as C's pow has it. Whole exponents up to 64 are multiplied out: exact where the result is, and right for x < 0.
fn pow_(x: f32, y: f32) -> f32 {
  let is_whole = y == floor(y);
  if is_whole && abs(y) <= 64.0 {
    var result = 1.0;
    var factor = x;
    for (var n = u32(abs(y)); n > 0u; n >>= 1u) {
      if (n & 1u) == 1u { result *= factor; }
      factor *= factor;
    }
    return select(result, 1.0 / result, y < 0.0);
  }
  if x == 1.0 { return 1.0; }
  if is_nan(x) || is_nan(y) { return nan_beside(x); }
  if y == 0.5 && x >= 0.0 { return sqrt(x); }
  if x == 0.0 { return select(infinity_beside(x), 0.0, y > 0.0); }
  if x == -1.0 && abs(y) > 3e38 { return 1.0; }
  if x < 0.0 && !is_whole && abs(x) < 0x1.fffffep+127 { return nan_beside(x); }
  let magnitude = exp2(y * log2(abs(x)));
  let is_odd = is_whole && floor(y * 0.5) * 2.0 != y && abs(y) < 16777216.0;
  return select(magnitude, -magnitude, x < 0.0 && is_odd);
}

// x^y of integers by squaring, modulo 2^32 as all products are.
fn pow_u32(x: u32, y: u32) -> u32 {
  var result = 1u;
  var factor = x;
  for (var n = y; n > 0u; n >>= 1u) {
    if (n & 1u) == 1u { result *= factor; }
    factor *= factor;
  }
  return result;
}

// Of negative powers only those of 1 and -1 are whole; the others are cut off to 0.
fn pow_i32(x: i32, y: i32) -> i32 {
  if y >= 0 { return bitcast<i32>(pow_u32(bitcast<u32>(x), u32(y))); }
  if x == 1 || (x == -1 && (y & 1) == 0) { return 1; }
  return select(0, -1, x == -1);
}
