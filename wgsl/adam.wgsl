// One step of Adam over a run of parameters that lie side by side (Kingma and Ba, 2015; AdamW: Loshchilov and Hutter, 2019):
//   g = sign dL/dw + weight_decay w            (AdamW instead: w = w - lr weight_decay w)
//   m = beta1 m + (1 - beta1) g
//   v = beta2 v + (1 - beta2) g^2              (amsgrad: the largest v so far is used below)
//   w = w - step_size m / (sqrt(v) / root_correction + eps)
// with step_size = lr / (1 - beta1^t) and root_correction = sqrt(1 - beta2^t), computed by the host.
//
// One lane per four elements.
//   binding 0  w         parameters                          read and write
//           1  gradient                                      read
//           2  moments   m, v and largest v, one after another at multiples of `stride`  read and write
#import shared/grid
struct Params { start: u32, count: u32, stride: u32, step_size: f32, decay: f32, beta1: f32, beta2: f32, eps: f32, weight_decay: f32, root_correction: f32, sign: f32, is_amsgrad: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> moments: array<vec4<f32>>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if n >= p.count { return; }
  let i = p.start + n;
  var value = w[i];
  let g = p.sign * gradient[i] + p.weight_decay * value;
  value *= p.decay;
  let m = p.beta1 * moments[i] + (1.0 - p.beta1) * g;
  moments[i] = m;
  var v = p.beta2 * moments[p.stride + i] + (1.0 - p.beta2) * g * g;
  moments[p.stride + i] = v;
  if p.is_amsgrad != 0 {
    v = max(v, moments[2 * p.stride + i]);
    moments[2 * p.stride + i] = v;
  }
  w[i] = value - p.step_size * m / (sqrt(v) / p.root_correction + p.eps);
}
