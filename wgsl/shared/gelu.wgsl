// x times the probability that a normal number is below x, and an approximation of it.
#import shared/math
#import shared/erf

fn gelu_of_four(x: vec4f) -> vec4f {
  return 0.5 * x * (1.0 + erf_of_four(x * 0.70710678));
}
fn gelu(x: f32) -> f32 { return gelu_of_four(vec4f(x)).x; }

fn gelu_tanh_of_four(x: vec4f) -> vec4f {
  return 0.5 * x * (1.0 + tanh_of_four(0.79788456 * (x + 0.044715 * x * x * x)));
}
fn gelu_tanh(x: f32) -> f32 { return gelu_tanh_of_four(vec4f(x)).x; }
