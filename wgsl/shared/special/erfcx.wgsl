#import shared/math
// erfcx(x) = exp(x^2) erfc(x), and the normal distribution through it: its tails keep their digits.

// Below 2 a polynomial around 1, above it one of 1/x (errors 2e-8 and 3e-8; fitted at Chebyshev nodes, in 40 digits).
fn erfcx(x: f32) -> f32 {
  let a = abs(x);
  var y: f32;
  if a < 2.0 {
    let u = a - 1.0;
    y = 0.427583568 + u * (-0.273212045 + u * (0.154372176 + u * (-0.0792264907 + u * (0.0375648863 + u * (-0.016663394
      + u * (0.00700223471 + u * (-0.00277017307 + u * (0.00098864572 + u * (-0.000371707568 + u * (0.000186314565
      + u * -5.83443629e-05))))))))));
  } else {
    let t = 1.0 / a;
    y = t * (0.5641896 + t * (-4.88711541e-06 + t * (-0.281855006 + t * (-0.00438476904 + t * (0.460135053
      + t * (-0.137710545 + t * (-1.04113317 + t * (1.58385279 + t * -0.753945911))))))));
  }
  if is_nan(x) { return x; }
  if x >= 0.0 { return y; }
  return 2.0 * exp_(x * x) - y;
}

// The share of a standard normal distribution below x: erfc(-x / sqrt 2) / 2.
fn ndtr(x: f32) -> f32 {
  let tail = 0.5 * erfcx(abs(x) * 0.707106781) * exp_(-0.5 * x * x);
  return select(tail, 1.0 - tail, x > 0.0);
}

fn log_ndtr(x: f32) -> f32 {
  if x < -1.0 { return log_(0.5 * erfcx(-x * 0.707106781)) - 0.5 * x * x; }
  return log1p(-ndtr(-x));
}
