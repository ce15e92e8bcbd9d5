// One step of Adagrad (Duchi, Hazan and Singer, 2011):
//   g = sign dL/dw + weight_decay w
//   s = s + g^2                               (s = initial + g^2 on a parameter's first step)
//   w = w - step_size g / (sqrt(s) + eps)     with step_size = lr / (1 + (t - 1) lr_decay), computed by the host
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     s           read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, step_size: f32, weight_decay: f32, eps: f32, initial: f32, sign: f32, is_first: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let g = p.sign * gradient[i] + p.weight_decay * w[i];
  let s = select(state[i], vec4(p.initial), is_first_step(p.is_first)) + g * g;
  state[i] = s;
  w[i] -= p.step_size * g / (sqrt(s) + p.eps);
}
