// One step of NAdam (Dozat, 2016), Adam with Nesterov's look ahead:
//   g = sign dL/dw + weight_decay w            (decoupled instead: w = decay w)
//   m = beta1 m + rest1 g                      with rest1 = 1 - beta1, rest2 = 1 - beta2
//   v = beta2 v + rest2 g^2
//   w = w - (gradient_rate g + momentum_rate m) / (sqrt(v) / root_correction + eps)
// with root_correction = sqrt(1 - beta2^t) and the two rates computed by the host from the momentum's schedule.
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m and v, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, gradient_rate: f32, momentum_rate: f32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, weight_decay: f32, root_correction: f32, sign: f32 }
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
  w[i] = value - (p.gradient_rate * g + p.momentum_rate * m) / (sqrt(v) / p.root_correction + p.eps);
}
