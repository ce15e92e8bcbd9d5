// Activations made of exponentials. Each holds wherever its result does: no step on the way overflows before.
#import shared/math

fn elu(x: f32, negative: f32, positive: f32, rate: f32) -> f32 {
  if x > 0.0 { return x * positive; }
  return expm1(x * rate) * negative;
}

// log(1 + exp(x))
fn log_one_plus_exp(x: f32) -> f32 {
  return max(x, 0.0) + log1p(exp_(-abs(x)));
}
fn softplus(x: f32, beta: f32, threshold: f32) -> f32 {
  if x * beta > threshold { return x; }
  return log_one_plus_exp(x * beta) / beta;
}
fn log_sigmoid(x: f32) -> f32 {
  return min(x, 0.0) - log1p(exp_(-abs(x)));
}

fn silu_of_four(x: vec4f) -> vec4f {
  return x / (1.0 + exp_of_four(-x));
}
fn silu(x: f32) -> f32 { return silu_of_four(vec4f(x)).x; }

// x tanh(log(1 + e^x)) = x n / (n + 2) with n = e^x (e^x + 2); far below 0 that is x e^x, in halves: e^x may be denormal
// where the product is not.
fn mish(x: f32) -> f32 {
  if x > 20.0 { return x; }
  if x < -20.0 {
    let half = exp_(0.5 * x);
    return x * half * half;
  }
  let e = exp_(x);
  let n = e * (e + 2.0);
  return x * (n / (n + 2.0));
}

// x - tanh(x), near 0 by its series.
fn tanhshrink(x: f32) -> f32 {
  let q = x * x;
  if q < 0.04 { return x * q * (0.33333334 + q * (-0.13333334 + q * (0.053968254 + q * -0.021869488))); }
  return x - tanh_(x);
}
