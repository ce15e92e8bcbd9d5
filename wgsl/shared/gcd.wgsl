// The greatest common divisor by Euclid's algorithm, and the least common multiple. Neither is negative, but for results
// that do not fit: those of -2^31 wrap.

fn gcd_u32(a: u32, b: u32) -> u32 {
  var x = a;
  var y = b;
  while y != 0u {
    let rest = x % y;
    x = y;
    y = rest;
  }
  return x;
}
fn gcd_i32(a: i32, b: i32) -> i32 {
  return bitcast<i32>(gcd_u32(bitcast<u32>(abs(a)), bitcast<u32>(abs(b))));
}

// Division first, so that only results that do not fit wrap. With 0 the divisor may be 0: WGSL has x / 0 = x.
fn lcm_u32(a: u32, b: u32) -> u32 {
  return a / gcd_u32(a, b) * b;
}
fn lcm_i32(a: i32, b: i32) -> i32 {
  return bitcast<i32>(lcm_u32(bitcast<u32>(abs(a)), bitcast<u32>(abs(b))));
}
