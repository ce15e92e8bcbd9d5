// One step back through lstm.wgsl. With dh = dy + back, and t = tanh(c):
//   dc = dc_after + dh o (1 - t^2)      dc_before = dc f
//   do = dh t o (1 - o)      di = dc g i (1 - i)      df = dc c_before f (1 - f)      dg = dc i (1 - g^2)
// HAS_DY: otherwise `back` is all of dh.
//   binding 0  dy      rows of [H]     read
//           1  back    [D, B, H]       read: dL/dh by way of the next step
//           2  gates   rows of [4, H]  read: i, f, g, o
//           3  cells   rows of [H]     read
//           4  c0      [D, B, H]       read: the cells before the first step
//           5  dc      [D, B, H]       in place
//           6  dx      rows of [4, H]  write: di, df, dg, do
//           7  dgates  [D, B, 4, H]    write: the same of this step
#import shared/grid
#import shared/math
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, dy_offset: u32, first_time: u32, second_time: u32, c0_offset: u32, is_first: u32 }
alias S = f32;
alias V = f32;
var<storage, read> dy: array<S>;
var<storage, read> back: array<S>;
var<storage, read> gates: array<S>;
var<storage, read> cells: array<S>;
var<storage, read> c0: array<S>;
var<storage, read_write> dc: array<S>;
var<storage, read_write> dx: array<S>;
var<storage, read_write> dgates: array<S>;
override HAS_DY: bool = true;
const WORKGROUP_SIZE = 64u;

#slot forms

fn store(at: Place, gate: u32, value: V) {
  dx[(4 * at.row + gate) * p.H + at.unit] = S(value);
  dgates[(4 * at.state + gate) * p.H + at.unit] = S(value);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  let here = at.row * p.H + at.unit;
  let start = 4 * at.row * p.H + at.unit;
  let i = V(gates[start]);
  let f = V(gates[start + p.H]);
  let g = V(gates[start + 2 * p.H]);
  let o = V(gates[start + 3 * p.H]);
  var before = V();
  if p.is_first != 0 { before = V(c0[p.c0_offset + e]); } else { before = V(cells[at.previous * p.H + at.unit]); }
  let t = tanh_of(V(cells[here]));
  var dh = V(back[e]);
  if HAS_DY { dh += V(dy[p.dy_offset + here]); }
  let dcell = V(dc[e]) + dh * o * (1 - t * t);
  store(at, 0, dcell * g * i * (1 - i));
  store(at, 1, dcell * before * f * (1 - f));
  store(at, 2, dcell * i * (1 - g * g));
  store(at, 3, dh * t * o * (1 - o));
  dc[e] = S(dcell * f);
}
