// One step of Adamax (Kingma and Ba, 2015, section 7.1), with eps where PyTorch has it:
//   g = sign dL/dw + weight_decay w
//   m = beta1 m + rest1 g                      with rest1 = 1 - beta1
//   u = max(beta2 u, |g| + eps)
//   w = w - step_size m / u                    with step_size = lr / (1 - beta1^t)
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m and u, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, step_size: f32, beta1: f32, rest1: f32, beta2: f32, eps: f32, weight_decay: f32, sign: f32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let g = p.sign * gradient[i] + p.weight_decay * w[i];
  let m = p.beta1 * state[i] + p.rest1 * g;
  let u = max(p.beta2 * state[p.stride + i], abs(g) + p.eps);
  state[i] = m;
  state[p.stride + i] = u;
  w[i] -= p.step_size * m / u;
}
