#import shared/math
// Modified Bessel functions of the first kind: below 6 a polynomial of x^2, from there exp(x) / sqrt(x) times one of
// 1/x (errors 3e-9 and 2e-8; fitted at Chebyshev nodes, in 40 digits).

fn i0_near(x: f32) -> f32 {
  let q = x * x;
  return 1.0 + q * (0.249999977 + q * (0.0156250262 + q * (0.000434017454 + q * (6.78359701e-06
    + q * (6.76275717e-08 + q * (4.81489237e-10 + q * (2.07478822e-12 + q * 1.45865753e-14)))))));
}
// i0(x) exp(-x) for x >= 6.
fn i0_far(x: f32) -> f32 {
  let t = 1.0 / x;
  return 1.0 / sqrt_(x) * (0.398942274 + t * (0.0498705031 + t * (0.0278666929 + t * (0.0334678209 + t * (0.008540726
    + t * (0.127115674 + t * 0.919046194))))));
}
fn i1_near(x: f32) -> f32 {
  let q = x * x;
  return x * (0.5 + q * (0.0624999979 + q * (0.00260416866 + q * (5.4252769e-05 + q * (6.7828797e-07
    + q * (5.64035739e-09 + q * (3.42212283e-11 + q * (1.32858557e-13 + q * 7.86478844e-16))))))));
}
fn i1_far(x: f32) -> f32 {
  let t = 1.0 / x;
  return 1.0 / sqrt_(x) * (0.398942287 + t * (-0.149606256 + t * (-0.0465603273 + t * (-0.0451346085
    + t * (-0.0249130553 + t * (-0.0982418479 + t * -1.17909991))))));
}

fn i0e(x: f32) -> f32 {
  if is_nan(x) { return x; }
  let a = abs(x);
  if a < 6.0 { return exp_(-a) * i0_near(a); }
  return i0_far(a);
}
// At infinity PyTorch's i0 and i1 are NaN.
fn i0(x: f32) -> f32 {
  let a = abs(x);
  if a < 6.0 { return i0_near(a); }
  if is_nan(x) || a > 0x1.fffffep+127 { return nan_beside(x); }
  let root = exp_(0.5 * a); // in two factors: exp(x) overflows before i0 does
  return root * i0_far(a) * root;
}

fn i1e(x: f32) -> f32 {
  if is_nan(x) { return x; }
  let a = abs(x);
  if a < 6.0 { return exp_(-a) * i1_near(x); }
  return select(i1_far(a), -i1_far(a), x < 0.0);
}
fn i1(x: f32) -> f32 {
  let a = abs(x);
  if a < 6.0 { return i1_near(x); }
  if is_nan(x) || a > 0x1.fffffep+127 { return nan_beside(x); }
  let root = exp_(0.5 * a);
  let y = root * i1_far(a) * root;
  return select(y, -y, x < 0.0);
}
