// Sine, cosine and tangent, as exact for large angles as for small ones, on every adapter.
#import shared/math
#import shared/mul-high

// x less its nearest multiple of pi / 2, and which multiple that was.
struct Reduced { angle: f32, quadrant: u32 }
fn reduce_angle(x: f32) -> Reduced {
  if abs(x) > 4096.0 { return reduce_large(x); }
  // pi / 2 is subtracted in four parts (Cody and Waite), the first three so short that these multiples of them are exact.
  let n = round(x * 0.63661977);
  let angle = (((x - n * 1.5703125) - n * 4.837512969970703e-4) - n * 7.549533620476723e-8) - n * 2.56334406825709e-12;
  return Reduced(angle, u32(i32(n)) & 3u);
}

// 2 / pi, 32 bits before the point and 224 after it.
const TWO_OVER_PI = array<u32, 8>(0u, 0xa2f9836eu, 0x4e441529u, 0xfc2757d1u, 0xf534ddc0u, 0xdb629599u, 0x3c439041u, 0xfe5163abu);

// For x = m 2^s (Payne and Hanek, "Radian reduction for trigonometric functions", 1983): of 2^s 2 / pi, bits that stand for
// 4 or more add whole turns; the 96 bits from that of 2 on, times m, leave two bits of quadrant and 94 of its fraction.
fn reduce_large(x: f32) -> Reduced {
  let bits = bitcast<u32>(x);
  if (bits & 0x7f800000u) == 0x7f800000u { return Reduced(nan_beside(x), 0u); }
  let m = (bits & 0x007fffffu) | 0x00800000u;
  let first = (((bits >> 23u) & 255u) - 150u) + 30u; // of the 256 bits above: the one that 2^s, s >= -11, makes stand for 2
  let high = two_over_pi(first);
  let middle = two_over_pi(first + 32u);
  let low = two_over_pi(first + 64u);
  let p1 = m * middle;
  let p2 = mul_high(m, low);
  var fraction = p1 + p2; // of the product, the middle word
  var top = m * high + mul_high(m, middle) + select(0u, 1u, fraction < p1);
  let rest = m * low;
  // Without the two bits of quadrant: a fraction of pi / 2 in 64 bits, to be rounded to the nearest whole one.
  var quadrant = top >> 30u;
  top = (top << 2u) | (fraction >> 30u);
  fraction = (fraction << 2u) | (rest >> 30u);
  let is_above = (top & 0x80000000u) != 0u;
  if is_above {
    quadrant += 1u;
    top = ~top;
    fraction = ~fraction;
  }
  var scale = 0x1p-32;
  if top == 0u {
    top = fraction;
    fraction = 0u;
    scale = 0x1p-64;
  }
  let zeros = countLeadingZeros(top);
  if zeros > 0u { top = (top << zeros) | (fraction >> (32u - zeros)); }
  let angle = f32(top) * scale * power_of_two(-i32(zeros)) * 1.57079633;
  let is_negative = (bits >> 31u) == 1u;
  return Reduced(select(angle, -angle, is_above != is_negative), select(quadrant, 0u - quadrant, is_negative) & 3u);
}

// 32 bits of the constant from this one on.
fn two_over_pi(first: u32) -> u32 {
  var words = TWO_OVER_PI;
  let shift = first & 31u;
  let word = words[first >> 5u] << shift;
  if shift == 0u { return word; }
  return word | (words[(first >> 5u) + 1u] >> (32u - shift));
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
  let r = reduce_angle(x);
  let s = select(sin_near(r.angle), cos_near(r.angle), (r.quadrant & 1u) == 1u);
  return select(s, -s, r.quadrant >= 2u);
}
fn cos_(x: f32) -> f32 {
  let r = reduce_angle(x);
  let c = select(cos_near(r.angle), sin_near(r.angle), (r.quadrant & 1u) == 1u);
  return select(c, -c, r.quadrant == 1u || r.quadrant == 2u);
}
fn tan_(x: f32) -> f32 {
  let r = reduce_angle(x);
  let s = sin_near(r.angle);
  let c = cos_near(r.angle);
  if (r.quadrant & 1u) == 1u { return -c / s; }
  return s / c;
}
// Both: (cos x, sin x).
fn cos_sin(x: f32) -> vec2f {
  let r = reduce_angle(x);
  let near = vec2f(cos_near(r.angle), sin_near(r.angle));
  let turned = select(near, vec2f(-near.y, near.x), (r.quadrant & 1u) == 1u);
  return select(turned, -turned, r.quadrant >= 2u);
}

// sin(pi x) / (pi x), and 1 at 0.
fn sinc(x: f32) -> f32 {
  let angle = 3.14159265 * x;
  if angle == 0.0 { return 1.0; }
  return sin_(angle) / angle;
}
