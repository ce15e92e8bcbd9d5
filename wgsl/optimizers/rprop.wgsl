// One step of resilient backpropagation (Riedmiller and Braun, 1993), as PyTorch's Rprop takes it:
//   f = grow if g and the last gradient have the same sign, shrink if they do not, 1 if one is 0
//   d = f d, kept between least and most       (d = lr before a parameter's first step)
//   g = 0 where the sign changed
//   w = w - sgn(g) d;  the last gradient is g
//
//   binding 0  w         parameters  read and write
//           1  gradient              read
//           2  state     last gradient and d, one after another at multiples of `stride`  read and write
#import shared/update
struct Params { start: u32, count: u32, stride: u32, lr: f32, shrink: f32, grow: f32, least: f32, most: f32, sign: f32, is_first: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> state: array<vec4<f32>>;

fn update(i: u32) {
  let zero = vec4(0.0);
  var g = p.sign * gradient[i];
  let agreement = select(g * state[i], zero, is_first_step(p.is_first));
  let factor = select(select(vec4(1.0), vec4(p.shrink), agreement < zero), vec4(p.grow), agreement > zero);
  let d = clamp(select(state[p.stride + i], vec4(p.lr), is_first_step(p.is_first)) * factor, vec4(p.least), vec4(p.most));
  g = select(g, zero, agreement < zero);
  state[i] = g;
  state[p.stride + i] = d;
  w[i] -= select(select(g, vec4(-1.0), g < zero), vec4(1.0), g > zero) * d;
}
