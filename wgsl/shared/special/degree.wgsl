#import shared/math
// What the families of polynomials share: degrees that come as numbers, and values beyond float32's range.

// The degree, cut off to a whole number; negative (the polynomial is then 0) for NaN and what int64 cannot hold.
fn degree_of(n: f32) -> i32 {
  if is_nan(n) || abs(n) >= 9.2e18 { return -1; }
  return i32(clamp(n, -1.0, 2147483520.0));
}

// The exponent by which to divide two numbers so that the larger is about 1; 0 while they are small.
fn excess_of(a: f32, b: f32) -> i32 {
  let e = i32((bitcast<u32>(max(abs(a), abs(b))) >> 23u) & 255u) - 127;
  return select(0, min(e, 126), e > 10 && e < 128);
}

// x 2^e. PyTorch's recurrences, in float64, go on to NaN once they overflow.
fn scaled_back(x: f32, e: i32) -> f32 {
  if e > 1024 { return nan_beside(x); }
  let near = min(e, 126);
  return x * power_of_two(near) * power_of_two(min(e - near, 126));
}
