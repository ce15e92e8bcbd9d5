#import shared/math
// The inverse of ndtr: odd around p = 1/2, with polynomials of (p - 1/2)^2 and, in the tails, of 1 / r with
// r = sqrt(-2 log p) (errors 1e-8; fitted at Chebyshev nodes, in 60 digits). Where p > 1/2, 1 - p is exact.
fn ndtri(p: f32) -> f32 {
  if is_nan(p) || p < 0.0 || p > 1.0 { return nan_beside(p); }
  let d = p - 0.5;
  if abs(d) < 0.36 {
    let q = d * d;
    return d * (2.5066283 + q * (2.62489937 + q * (5.77947542 + q * (15.150275 + q * (66.1163111 + q * (-237.451348
      + q * (4949.24817 + q * (-26062.2696 + q * 82961.6616))))))));
  }
  let r = sqrt_(-2.0 * log_(select(p, 1.0 - p, d > 0.0)));
  let t = 1.0 / r;
  var y: f32;
  if r < 4.5 {
    y = 1.00277315 + t * (-0.115097905 + t * (-2.74403698 + t * (4.33100858 + t * (-6.68476892 + t * (7.61996204
      + t * (-5.33380341 + t * 1.68751448))))));
  } else {
    y = 1.00038102 + t * (-0.0427844053 + t * (-3.7384046 + t * (12.4000035 + t * (-48.1717244 + t * (141.367604
      + t * (-252.716426 + t * 202.026519))))));
  }
  return select(-r * y, r * y, d > 0.0);
}
