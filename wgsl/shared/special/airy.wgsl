#import shared/math
#import shared/trigonometry
// Airy's function Ai. Between -5/2 and 3/2 a polynomial; outside, with z = 2/3 |x|^(3/2), the forms
// exp(-z) x^(-1/4) p(1/z) and |x|^(-1/4) / sqrt(pi) (P cos(z - pi/4) + Q sin(z - pi/4)), P and z Q polynomials of
// 1 / z^2 (errors 1e-7 of the largest value; fitted at Chebyshev nodes, in 40 digits).

// 2/3 a^(3/2) as the sum of two numbers, so that it is an angle even where it is large. Products are exact in parts of
// 12 bits (Dekker, "A floating-point technique for extending the available precision", 1971).
fn airy_angle(a: f32) -> vec2f {
  let root = sqrt_(a);
  let root_high = bitcast<f32>(bitcast<u32>(root) & 0xfffff000u);
  let root_low = root - root_high;
  let a_high = bitcast<f32>(bitcast<u32>(a) & 0xfffff000u);
  let a_low = a - a_high;
  let root_rest = (((a - root_high * root_high) - 2.0 * root_high * root_low) - root_low * root_low) / (2.0 * root);
  let product = a * root;
  let rest = (((a_high * root_high - product) + a_high * root_low) + a_low * root_high) + a_low * root_low;
  let z = product / 1.5;
  return vec2f(z, (((product - z) - 0.5 * z) + (rest + a * root_rest)) / 1.5);
}

fn airy_ai(x: f32) -> f32 {
  if is_nan(x) || abs(x) > 0x1.fffffep+127 { return nan_beside(x); }
  if x >= -2.5 && x <= 1.5 {
    let u = 0.5 * x + 0.25;
    return 0.475728056 + u * (-0.408163763 + u * (-0.47572495 + u * (0.770370478 + u * (-0.192866794
      + u * (-0.267421439 + u * (0.218537919 + u * (-0.0236862553 + u * (-0.0466627187
      + u * (0.0244471284 + u * (-0.000174688984 + u * (-0.00350891589 + u * 0.00087539127)))))))))));
  }
  let a = abs(x);
  let root = sqrt_(a);
  let z = 0.666666667 * a * root;
  if x > 0.0 {
    let t = 1.0 / z;
    return exp_(-z) / sqrt_(root) * (0.28209478 + t * (-0.0195878137 + t * (0.0104107319 + t * (-0.00992864558
      + t * (0.0110466058 + t * (-0.0102417324 + t * (0.00605658733 + t * -0.00161193152)))))));
  }
  let q = 1.0 / z / z;
  let p = 1.0 + q * (-0.037113438 + q * (0.0555581752 + q * (-0.201221631 + q * (0.709250995 + q * -1.26502793))));
  let zq = 0.0694443316 + q * (-0.0379211334 + q * (0.108333886 + q * (-0.523027915 + q * (2.07951631
    + q * -3.91656139))));
  if a > 1e25 { return 0.0; } // z overflows soon; the function is below 2e-7
  let angle = airy_angle(a);
  let low = cos_sin(angle.y);
  let high = cos_sin(angle.x);
  let c = high.x * low.x - high.y * low.y;
  let s = high.y * low.x + high.x * low.y;
  return 0.398942280 / sqrt_(root) * (p * (c + s) + zq / z * (s - c));
}
