// Elementary functions with C's results. WGSL's own leave NaN, zero and infinity to the adapter (SwiftShader has
// exp(NaN) = infinity, log(-1) = 0, log(0) = -88), and tanh and log lose their digits near 0 and 1.

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

// e^x = 2^n e^r with r = x - n log 2 at most log(2) / 2 (Cody and Waite: log 2 in two parts, the first so short that n times
// it is exact).
fn exp_(x: f32) -> f32 {
  if abs(x) <= 104.0 {
    let n = round(x * 1.44269504);
    return exp_near((x - n * 0.693359375) + n * 2.12194440e-4, i32(n));
  }
  if is_nan(x) { return x; }
  return select(0.0, infinity_beside(x), x > 0.0);
}

// 2^n e^r for |r| <= log(2) / 2: a polynomial (Cephes' expf; error 2e-8). The power is applied in halves, so that the
// result may go up to the largest number and down to 0.
fn exp_near(r: f32, n: i32) -> f32 {
  let q = 0.5 + r * (0.16666665459 + r * (0.041665795894 + r * (0.0083334519073 + r * (0.0013981999507
    + r * 0.00019875691500))));
  let half = n >> 1u;
  return (1.0 + (r + r * r * q)) * power_of_two(half) * power_of_two(n - half);
}

// 2^x, exact for whole x.
fn exp2_(x: f32) -> f32 {
  if abs(x) <= 150.0 {
    let n = round(x);
    return exp_near((x - n) * 0.69314718, i32(n));
  }
  if is_nan(x) { return x; }
  return select(0.0, infinity_beside(x), x > 0.0);
}

// exp(x) - 1. Below 1/2 the Taylor series, whose next term is under 2^-24 of the sum; above, the subtraction loses one
// bit at most.
fn expm1(x: f32) -> f32 {
  if abs(x) < 0.5 {
    return x * (1.0 + x * (0.5 + x * (0.16666667 + x * (0.041666668 + x * (0.008333334 + x * (0.0013888889
      + x * (0.0001984127 + x * 2.4801588e-5)))))));
  }
  return exp_(x) - 1.0;
}

// log(1 + x) for |x| < 1/2: the series of 2 atanh(s) with s = x / (2 + x), |s| <= 1/3, so s^15 / 15 is under 2^-27.
// Twice s, since s may be denormal where x is not.
fn log_near(x: f32) -> f32 {
  let s2 = (x + x) / (2.0 + x);
  let q = 0.25 * s2 * s2;
  return s2 * (1.0 + q * (0.33333334 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * (0.09090909
    + q * 0.07692308))))));
}

// A positive number as 2^exponent (1 + fraction), with a fraction from -1/3 to 1/3. The bits of a denormal, which adapters
// may flush to 0, are a whole number of 2^-149.
struct Split { exponent: f32, fraction: f32 }
fn split_exponent(x: f32) -> Split {
  let bits = bitcast<u32>(x);
  let is_denormal = bits < 0x00800000u;
  let normal = select(bits, bitcast<u32>(f32(bits)), is_denormal);
  let k = i32(normal - 0x3f2aaaabu) >> 23u; // the bits of 2/3
  return Split(f32(k) - select(0.0, 149.0, is_denormal), bitcast<f32>(normal - (u32(k) << 23u)) - 1.0);
}
fn is_positive(x: f32) -> bool {
  return bitcast<u32>(x) - 1u < 0x7f7fffffu; // up to the largest number
}
fn log_edge(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if (bits << 1u) == 0u { return -infinity_beside(x); }
  return select(nan_beside(x), x, bits == 0x7f800000u); // negative, NaN, or infinity
}

// log(1 + x)
fn log1p(x: f32) -> f32 {
  if abs(x) < 0.5 { return log_near(x); }
  return log_(1.0 + x);
}

// log(x) = n log 2 + log(1 + f), with log 2 in two parts again. Near 1 the exponent is 0, and no digit is lost.
fn log_(x: f32) -> f32 {
  if !is_positive(x) { return log_edge(x); }
  let s = split_exponent(x);
  return s.exponent * 0.693359375 + (log_near(s.fraction) + s.exponent * -2.12194440e-4);
}

// The logarithm to the base 2, exact for powers of 2.
fn log2_(x: f32) -> f32 {
  if !is_positive(x) { return log_edge(x); }
  let s = split_exponent(x);
  return s.exponent + log_near(s.fraction) * 1.44269504;
}

// The logarithm to the base 10, with log 2 in two parts.
fn log10_(x: f32) -> f32 {
  if !is_positive(x) { return log_edge(x); }
  let s = split_exponent(x);
  return s.exponent * 0.301025391 + (log_near(s.fraction) * 0.434294482 + s.exponent * 4.60503895e-6);
}

fn sqrt_(x: f32) -> f32 {
  return select(sqrt(x), nan_beside(x), x < 0.0 || is_nan(x));
}

// tanh(x) = e / (e + 2) with e = exp(2x) - 1; beyond 10 it is 1 to the last bit. NaN fails the comparison and goes on.
fn tanh_(x: f32) -> f32 {
  if abs(x) > 10.0 { return sign(x); }
  let e = expm1(2.0 * x);
  return e / (e + 2.0);
}

fn sigmoid(x: f32) -> f32 {
  return 1.0 / (1.0 + exp_(-x));
}

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
