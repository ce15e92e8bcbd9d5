// x times the probability that a normal number is below x, and an approximation of it.
#import shared/math
#import shared/erf

fn gelu(x: f32) -> f32 {
  return 0.5 * x * (1.0 + erf(x * 0.70710678));
}
fn gelu_tanh(x: f32) -> f32 {
  return 0.5 * x * (1.0 + tanh_(0.79788456 * (x + 0.044715 * x * x * x)));
}
