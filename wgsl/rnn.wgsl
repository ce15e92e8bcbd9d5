// One step of a simple recurrent layer (Elman, 1990): h = tanh(x + recurrent), or relu where IS_RELU.
// One lane per element of [D, B, H]; see shared/recurrent.
//   binding 0  x          rows of [H]  read: W_ih x + b
//           1  recurrent  [D, B, H]    read: W_hh h
//           2  y          rows of [H]  write
//           3  h          [D, B, H]    write
#import shared/grid
#import shared/math
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, x_offset: u32, first_time: u32, second_time: u32 }
alias S = f32;
alias V = f32;
var<storage, read> x: array<S>;
var<storage, read> recurrent: array<S>;
var<storage, read_write> y: array<S>;
var<storage, read_write> h: array<S>;
override IS_RELU: bool = false;
const WORKGROUP_SIZE = 64u;

#slot forms

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  var value = V(x[p.x_offset + at.row * p.H + at.unit]) + V(recurrent[e]);
  if IS_RELU { value = select(value, V(), value <= V()); } else { value = tanh_of(value); }
  y[at.row * p.H + at.unit] = S(value);
  h[e] = S(value);
}
