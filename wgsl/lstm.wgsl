// One step of long short-term memory (Hochreiter and Schmidhuber, 1997, with the forget gate of Gers et al., 2000):
//   i, f, o = sigmoid(x + recurrent)      g = tanh(x + recurrent)
//   c = f c_before + i g                  h = o tanh(c)
// One lane per element of [D, B, H]; see shared/recurrent.
//   binding 0  x          rows of [4, H]  read: W_ih x + b, in the order i, f, g, o
//           1  recurrent  [D, B, 4, H]    read: W_hh h
//           2  gates      rows of [4, H]  write: i, f, g, o
//           3  cells      rows of [H]     write
//           4  y          rows of [H]     write
//           5  h          [D, B, H]       write
//           6  c          [D, B, H]       in place
#import shared/grid
#import shared/math
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, x_offset: u32, first_time: u32, second_time: u32 }
alias S = f32;
alias V = f32;
var<storage, read> x: array<S>;
var<storage, read> recurrent: array<S>;
var<storage, read_write> gates: array<S>;
var<storage, read_write> cells: array<S>;
var<storage, read_write> y: array<S>;
var<storage, read_write> h: array<S>;
var<storage, read_write> c: array<S>;
const WORKGROUP_SIZE = 64u;

#slot forms

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  let here = 4 * at.row * p.H + at.unit;
  let from_x = p.x_offset + here;
  let start = 4 * at.state * p.H + at.unit;
  let i = sigmoid_of(V(x[from_x]) + V(recurrent[start]));
  let f = sigmoid_of(V(x[from_x + p.H]) + V(recurrent[start + p.H]));
  let g = tanh_of(V(x[from_x + 2 * p.H]) + V(recurrent[start + 2 * p.H]));
  let o = sigmoid_of(V(x[from_x + 3 * p.H]) + V(recurrent[start + 3 * p.H]));
  let cell = f * V(c[e]) + i * g;
  let result = o * tanh_of(cell);
  gates[here] = S(i);
  gates[here + p.H] = S(f);
  gates[here + 2 * p.H] = S(g);
  gates[here + 3 * p.H] = S(o);
  cells[at.row * p.H + at.unit] = S(cell);
  c[e] = S(cell);
  y[at.row * p.H + at.unit] = S(result);
  h[e] = S(result);
}
