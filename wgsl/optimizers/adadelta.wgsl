// One step of Adadelta (Zeiler, 2012):
//   g = sign dL/dw + weight_decay w
//   s = rho s + rest g^2                      with rest = 1 - rho
//   d = sqrt(a + eps) / sqrt(s + eps) g
//   a = rho a + rest d^2
//   w = w - lr d
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     s and a, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, lr: f32, rho: f32, rest: f32, eps: f32, weight_decay: f32, sign: f32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let g = p.sign * gradient[i] + p.weight_decay * w[i];
  let s = p.rho * state[i] + p.rest * g * g;
  let a = state[p.stride + i];
  let d = sqrt(a + p.eps) / sqrt(s + p.eps) * g;
  state[i] = s;
  state[p.stride + i] = p.rho * a + p.rest * d * d;
  w[i] -= p.lr * d;
}
