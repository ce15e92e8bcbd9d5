// One step of Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2):
//   c = beta1 m + rest1 g                      with g = sign dL/dw, rest1 = 1 - beta1, rest2 = 1 - beta2
//   w = decay w - lr sgn(c)                    with decay = 1 - lr weight_decay
//   m = beta2 m + rest2 g
// sgn is written so that NaN stays NaN.
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     m           read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, lr: f32, decay: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, sign: f32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let g = p.sign * gradient[i];
  let m = state[i];
  let c = p.beta1 * m + p.rest1 * g;
  let direction = select(select(c, vec4(-1.0), c < vec4(0.0)), vec4(1.0), c > vec4(0.0));
  state[i] = p.beta2 * m + p.rest2 * g;
  w[i] = p.decay * w[i] - p.lr * direction;
}
