// One step of RAdam (Liu et al., 2020), Adam whose step is rectified while few gradients have been seen:
//   g = sign dL/dw + weight_decay w            (decoupled instead: w = decay w)
//   m = beta1 m + rest1 g                      with rest1 = 1 - beta1, rest2 = 1 - beta2
//   v = beta2 v + rest2 g^2
//   w = w - step_size m / (sqrt(v) + eps)      once the variance of v can be estimated,
//   w = w - step_size m                        before
// The host computes step_size = lr / (1 - beta1^t), times the rectification sqrt(1 - beta2^t) r in the first case.
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m and v, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, step_size: f32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, weight_decay: f32, sign: f32, is_rectified: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  var value = w[i];
  let g = p.sign * gradient[i] + p.weight_decay * value;
  value *= p.decay;
  let m = p.beta1 * state[i] + p.rest1 * g;
  let v = p.beta2 * state[p.stride + i] + p.rest2 * g * g;
  state[i] = m;
  state[p.stride + i] = v;
  w[i] = value - p.step_size * select(m, m / (sqrt(v) + p.eps), p.is_rectified != 0);
}
