// One step of RMSprop (Hinton, lecture 6e, 2012; centered: Graves, 2013):
//   g = sign dL/dw + weight_decay w
//   s = alpha s + rest g^2                    with rest = 1 - alpha
//   m = alpha m + rest g                      (centered: s - m^2 takes the place of s below)
//   u = g / (sqrt(s) + eps)
//   b = momentum b + u                        (with momentum: b takes the place of u below)
//   w = w - lr u
// Where rounding makes s - m^2 negative it counts as 0; its root would be NaN.
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     s, then m if centered, then b if there is momentum, at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, lr: f32, alpha: f32, rest: f32, eps: f32, weight_decay: f32, momentum: f32, sign: f32, is_centered: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let g = p.sign * gradient[i] + p.weight_decay * w[i];
  var s = p.alpha * state[i] + p.rest * g * g;
  state[i] = s;
  var next = i + p.stride;
  if p.is_centered != 0 {
    let m = p.alpha * state[next] + p.rest * g;
    state[next] = m;
    next += p.stride;
    s -= m * m;
    s = select(s, vec4(0.0), s < vec4(0.0));
  }
  var u = g / (sqrt(s) + p.eps);
  if p.momentum != 0.0 {
    u += p.momentum * state[next];
    state[next] = u;
  }
  w[i] -= p.lr * u;
}
