// One step of a gated recurrent unit (Cho et al., 2014), with the bias of the hidden side inside the reset gate's product:
//   r, z = sigmoid(x + recurrent)      n = tanh(x + r recurrent)      h = (1 - z) n + z h_before
// One lane per element of [D, B, H]; see shared/recurrent.
//   binding 0  x          rows of [3, H]  read: W_ih x + b_ih, in the order r, z, n
//           1  recurrent  [D, B, 3, H]    read: W_hh h + b_hh
//           2  gates      rows of [4, H]  write: r, z, n, and n's part of `recurrent`
//           3  y          rows of [H]     write
//           4  h          [D, B, H]       in place
#import shared/grid
#import shared/math
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, x_offset: u32, first_time: u32, second_time: u32 }
alias S = f32;
alias V = f32;
var<storage, read> x: array<S>;
var<storage, read> recurrent: array<S>;
var<storage, read_write> gates: array<S>;
var<storage, read_write> y: array<S>;
var<storage, read_write> h: array<S>;
const WORKGROUP_SIZE = 64u;

#slot forms

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  let from_x = p.x_offset + 3 * at.row * p.H + at.unit;
  let start = 3 * at.state * p.H + at.unit;
  let r = sigmoid_of(V(x[from_x]) + V(recurrent[start]));
  let z = sigmoid_of(V(x[from_x + p.H]) + V(recurrent[start + p.H]));
  let hidden = V(recurrent[start + 2 * p.H]);
  let n = tanh_of(V(x[from_x + 2 * p.H]) + r * hidden);
  let result = (1 - z) * n + z * V(h[e]);
  let here = 4 * at.row * p.H + at.unit;
  gates[here] = S(r);
  gates[here + p.H] = S(z);
  gates[here + 2 * p.H] = S(n);
  gates[here + 3 * p.H] = S(hidden);
  y[at.row * p.H + at.unit] = S(result);
  h[e] = S(result);
}
