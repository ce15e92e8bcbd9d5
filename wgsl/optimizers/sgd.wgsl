// One step of stochastic gradient descent, as PyTorch's SGD takes it:
//   g = sign dL/dw + weight_decay w
//   v = momentum v + (1 - dampening) g        (v = g on a parameter's first step)
//   w = w - lr (g + momentum v if nesterov, else v if there is momentum, else g)
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     v           read and write; not touched without momentum
#import shared/update
struct Params { start: u32, count: u32, stride: u32, lr: f32, momentum: f32, dampening: f32, weight_decay: f32, sign: f32, is_nesterov: u32, is_first: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let value = w[i];
  var g = p.sign * gradient[i] + p.weight_decay * value;
  if p.momentum != 0.0 {
    var velocity = g;
    if !is_first_step(p.is_first) { velocity = p.momentum * state[i] + (1.0 - p.dampening) * g; }
    state[i] = velocity;
    g = select(velocity, g + p.momentum * velocity, p.is_nesterov != 0);
  }
  w[i] = value - p.lr * g;
}
