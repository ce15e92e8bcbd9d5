#import shared/math
#import shared/special/bessel-i
// Modified Bessel functions of the second kind: up to 2 a polynomial of x^2 and the logarithm's part, from there
// exp(-x) / sqrt(x) times a polynomial of 1/x (errors 2e-8 and 8e-9; fitted at Chebyshev nodes, in 40 digits).

fn k0_near(x: f32) -> f32 {
  let q = x * x;
  return -0.577215667 + q * (0.105696118 + q * (0.014418406 + q * (0.000545295286 + q * (1.01636139e-05
    + q * 1.26744658e-07)))) - (log_(x) - 0.693147181) * i0_near(x);
}
fn k0_far(x: f32) -> f32 {
  let t = 1.0 / x;
  return 1.0 / sqrt_(x) * (1.25331413 + t * (-0.156661616 + t * (0.0879975429 + t * (-0.0894316813 + t * (0.117381493
    + t * (-0.14512938 + t * (0.124588099 + t * -0.050471674)))))));
}
fn k1_near(x: f32) -> f32 {
  let q = x * x;
  return (1.0 + q * (0.038607435 + q * (-0.0420478689 + q * (-0.00283833341 + q * (-7.43467195e-05
    + q * -1.21677274e-06))))) / x + (log_(x) - 0.693147181) * i1_near(x);
}
fn k1_far(x: f32) -> f32 {
  let t = 1.0 / x;
  return 1.0 / sqrt_(x) * (1.25331415 + t * (0.469989821 + t * (-0.146728254 + t * (0.125769714 + t * (-0.1536064
    + t * (0.184381256 + t * (-0.156610319 + t * 0.063270233)))))));
}

fn modified_bessel_k0(x: f32) -> f32 {
  if x == 0.0 { return infinity_beside(x); }
  if is_nan(x) || x < 0.0 { return nan_beside(x); }
  if x <= 2.0 { return k0_near(x); }
  return exp_(-x) * k0_far(x);
}
fn scaled_modified_bessel_k0(x: f32) -> f32 {
  if x > 2.0 { return k0_far(x); }
  return exp_(x) * modified_bessel_k0(x);
}
fn modified_bessel_k1(x: f32) -> f32 {
  if x == 0.0 { return infinity_beside(x); }
  if is_nan(x) || x < 0.0 { return nan_beside(x); }
  if x <= 2.0 { return k1_near(x); }
  return exp_(-x) * k1_far(x);
}
fn scaled_modified_bessel_k1(x: f32) -> f32 {
  if x > 2.0 { return k1_far(x); }
  return exp_(x) * modified_bessel_k1(x);
}
