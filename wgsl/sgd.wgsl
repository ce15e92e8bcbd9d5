// One step of stochastic gradient descent over a run of parameters that lie side by side (PyTorch's SGD):
//   g = sign dL/dw + weight_decay w
//   v = momentum v + (1 - dampening) g        (v = g on a parameter's first step)
//   w = w - lr (g + momentum v if nesterov, else v if there is momentum, else g)
//
// One lane per four elements.
//   binding 0  w  parameters   read and write
//           1  g  gradients    read
//           2  v  velocities   read and write; not touched without momentum
#import shared/grid
struct Params { start: u32, count: u32, lr: f32, momentum: f32, dampening: f32, weight_decay: f32, sign: f32, is_nesterov: u32, is_first: u32 }
var<storage, read_write> w: array<vec4<f32>>;
var<storage, read> gradient: array<vec4<f32>>;
var<storage, read_write> v: array<vec4<f32>>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if n >= p.count { return; }
  let i = p.start + n;
  var g = p.sign * gradient[i] + p.weight_decay * w[i];
  if p.momentum != 0.0 {
    var velocity = g;
    if p.is_first == 0 { velocity = p.momentum * v[i] + (1.0 - p.dampening) * g; }
    v[i] = velocity;
    g = select(velocity, g + p.momentum * velocity, p.is_nesterov != 0);
  }
  w[i] -= p.lr * g;
}
