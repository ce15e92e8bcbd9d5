// One step of averaged stochastic gradient descent (Polyak and Juditsky, 1992), as PyTorch's ASGD takes it:
//   g = sign dL/dw + weight_decay w
//   w = decay w - eta g                        with decay = 1 - lambd eta
//   a = a + mu (w - a)                         the average; a = w while mu = 1
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     a           read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, eta: f32, mu: f32, decay: f32, weight_decay: f32, sign: f32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  var value = w[i];
  value = p.decay * value - p.eta * (p.sign * gradient[i] + p.weight_decay * value);
  w[i] = value;
  state[i] = select(state[i] + p.mu * (value - state[i]), value, p.mu == 1.0);
}
