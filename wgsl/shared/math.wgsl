// Elementary functions with C's results. WGSL's own leave NaN, zero and infinity to the adapter (SwiftShader has
// exp(NaN) = infinity, log(-1) = 0, log(0) = -88), and tanh, sin and log lose their digits near 0, 2 pi k and 1.

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
// it is exact), and a polynomial for e^r (Cephes' expf; error 2e-8). The power is applied in halves, so that the result
// may go up to the largest number and down to 0.
fn exp_(x: f32) -> f32 {
  if abs(x) <= 104.0 {
    let n = round(x * 1.44269504);
    let r = (x - n * 0.693359375) + n * 2.12194440e-4;
    let q = 0.5 + r * (0.16666665459 + r * (0.041665795894 + r * (0.0083334519073 + r * (0.0013981999507
      + r * 0.00019875691500))));
    let half = i32(n) >> 1u;
    return (1.0 + (r + r * r * q)) * power_of_two(half) * power_of_two(i32(n) - half);
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

// log(1 + x). Below 1/2 the series of 2 atanh(s) with s = x / (2 + x): |s| <= 1/3, so s^15 / 15 is under 2^-27.
fn log1p(x: f32) -> f32 {
  if abs(x) < 0.5 {
    let s = x / (2.0 + x);
    let q = s * s;
    return 2.0 * s * (1.0 + q * (0.33333334 + q * (0.2 + q * (0.14285715 + q * (0.11111111 + q * (0.09090909
      + q * 0.07692308))))));
  }
  return log_far(1.0 + x);
}

// log(x). Near 1, x - 1 is exact and log1p keeps the digits.
fn log_(x: f32) -> f32 {
  if abs(x - 1.0) < 0.5 { return log1p(x - 1.0); }
  return log_far(x);
}

fn log_far(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  if bits - 1u < 0x007fffffu { return log(f32(bits)) - 103.278934; } // denormal: bits * 2^-149; adapters may flush it to 0
  if x > 0.0 { return log(x); }
  if x == 0.0 { return -infinity_beside(x); }
  return nan_beside(x); // negative, or NaN
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

// x - y floor(x / y), of the sign of y. WGSL's x % y is x - y trunc(x / y), which is NaN for an infinite y, where C has x.
fn remainder_(x: f32, y: f32) -> f32 {
  let is_beyond = abs(y) > 0x1.fffffep+127 && abs(x) <= 0x1.fffffep+127;
  let r = select(x % y, x, is_beyond);
  return select(r, r + y, r != 0.0 && (r < 0.0) != (y < 0.0));
}

// erf(x): below 1 an even polynomial times x (error 2e-9), above it 1 - exp(-x^2) / x q(1/x) (error 2e-7 of erfc).
// Both fitted at Chebyshev nodes against C's erf in double precision.
fn erf(x: f32) -> f32 {
  let a = abs(x);
  if a < 1.0 {
    let q = x * x;
    return x * (1.12837917 + q * (-0.376126269 + q * (0.112835975 + q * (-0.0268543288 + q * (0.00518931195
      + q * (-0.000801885505 + q * 7.88249732e-05))))));
  }
  if a > 5.0 { return sign(x); }
  let t = 1.0 / a;
  let q = 0.564173297 + t * (1.37458248e-05 + t * (-0.277301007 + t * (-0.0631560055 + t * (0.800916981
    + t * (-1.23161285 + t * (0.972080365 + t * (-0.411859741 + t * 0.0743288604)))))));
  let tail = exp_(-a * a) * t * q;
  return select(1.0 - tail, tail - 1.0, x < 0.0);
}

// x less its nearest multiple of pi / 2, and which multiple that was. pi / 2 is subtracted in three parts (Cody and Waite),
// the first two so short that multiples up to 2^15 are exact.
struct Reduced { angle: f32, quadrant: u32 }
fn reduce_angle(x: f32) -> Reduced {
  let n = round(x * 0.63661977);
  let angle = ((x - n * 1.5703125) - n * 4.837512969970703e-4) - n * 7.54978995489188e-8;
  return Reduced(angle, u32(i32(n)) & 3u);
}
fn sin_near(x: f32) -> f32 {
  let q = x * x;
  return x + x * q * (-0.16666655 + q * (0.0083321609 + q * -1.9515296e-4));
}
fn cos_near(x: f32) -> f32 {
  let q = x * x;
  return 1.0 - 0.5 * q + q * q * (0.041666646 + q * (-0.0013887316 + q * 2.4433157e-5));
}
fn sin_(x: f32) -> f32 {
  if abs(x) > 50000.0 { return sin(x); }
  let r = reduce_angle(x);
  let s = select(sin_near(r.angle), cos_near(r.angle), (r.quadrant & 1u) == 1u);
  return select(s, -s, r.quadrant >= 2u);
}
fn cos_(x: f32) -> f32 {
  if abs(x) > 50000.0 { return cos(x); }
  let r = reduce_angle(x);
  let c = select(cos_near(r.angle), sin_near(r.angle), (r.quadrant & 1u) == 1u);
  return select(c, -c, r.quadrant == 1u || r.quadrant == 2u);
}
