// Inverses of sine, cosine and tangent; WGSL's own are exact to three digits only. Polynomials were fitted here in double
// precision.
#import shared/math

// Above 1, pi / 2 less that of 1 / x; above tan(pi / 8), pi / 4 more than that of (x - 1) / (x + 1); then a polynomial
// (error 4e-8).
fn atan_(x: f32) -> f32 {
  let a = abs(x);
  let is_far = a > 1.0;
  let inverse = select(a, 1.0 / a, is_far);
  let is_middle = inverse > 0.41421356;
  let t = select(inverse, (inverse - 1.0) / (inverse + 1.0), is_middle);
  let q = t * t;
  let near = t + t * q * (-0.33332798 + q * (0.1997447 + q * (-0.13852087 + q * 0.07986732)));
  let below = select(near, 0.78539816 + near, is_middle);
  let result = select(below, 1.57079633 - below, is_far);
  return select(result, -result, x < 0.0);
}

// For 0 <= x <= 1/2 (error 1e-8).
fn asin_near(x: f32) -> f32 {
  let q = x * x;
  return x + x * q * (0.16666791 + q * (0.07494435 + q * (0.045550175 + q * (0.023858216 + q * 0.042635567))));
}

// Above 1/2, pi / 2 less twice that of sqrt((1 - x) / 2), and likewise for acos.
fn asin_(x: f32) -> f32 {
  let a = abs(x);
  if a > 1.0 { return nan_beside(x); }
  var result = 0.0;
  if a > 0.5 { result = 1.57079633 - 2.0 * asin_near(sqrt((1.0 - a) * 0.5)); } else { result = asin_near(a); }
  return select(result, -result, x < 0.0);
}
fn acos_(x: f32) -> f32 {
  let a = abs(x);
  if a > 1.0 { return nan_beside(x); }
  if a <= 0.5 { return 1.57079633 - select(asin_near(a), -asin_near(a), x < 0.0); }
  let rest = 2.0 * asin_near(sqrt((1.0 - a) * 0.5));
  return select(rest, 3.14159265 - rest, x < 0.0);
}
