// One step of Adam (Kingma and Ba, 2015; AdamW: Loshchilov and Hutter, 2019; amsgrad: Reddi, Kale and Kumar, 2018):
//   g = sign dL/dw + weight_decay w            (AdamW instead: w = decay w with decay = 1 - lr weight_decay)
//   m = beta1 m + rest1 g                      with rest1 = 1 - beta1, rest2 = 1 - beta2
//   v = beta2 v + rest2 g^2                    (amsgrad: the largest v so far is used below)
//   w = w - step_size m / (sqrt(v) / root_correction + eps)
// with step_size = lr / (1 - beta1^t) and root_correction = sqrt(1 - beta2^t). The host computes all that does not depend
// on elements: 1 - 0.999 in float32 would be wrong in the fifth digit.
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m, v and largest v, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, step_size: f32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, eps: f32, weight_decay: f32, root_correction: f32, sign: f32, is_amsgrad: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  var value = w[i];
  let g = p.sign * gradient[i] + p.weight_decay * value;
  value *= p.decay;
  let m = p.beta1 * state[i] + p.rest1 * g;
  state[i] = m;
  var v = p.beta2 * state[p.stride + i] + p.rest2 * g * g;
  state[p.stride + i] = v;
  if p.is_amsgrad != 0 {
    v = max(v, state[2 * p.stride + i]);
    state[2 * p.stride + i] = v;
  }
  w[i] = value - p.step_size * m / (sqrt(v) / p.root_correction + p.eps);
}
