// One step back through gru.wgsl. With dh = dy + back + direct, and m = n's part of `recurrent`:
//   dz = dh (h_before - n) z (1 - z)      dn = dh (1 - z) (1 - n^2)      dr = dn m r (1 - r)      dm = dn r
//   direct = dh z, the part of dL/dh_before that does not go through W_hh
//   binding 0  dy       rows of [H]     read
//           1  back     [D, B, H]       read: dL/dh by way of the next step's W_hh
//           2  gates    rows of [4, H]  read: r, z, n, m
//           3  y        rows of [H]     read
//           4  h0       [D, B, H]       read: h before the first step
//           5  dx       rows of [3, H]  write: dr, dz, dn
//           6  dhidden  rows of [3, H]  write: dr, dz, dm
//           7  state    [D, B, 3, H] and [D, B, H]  write: dr, dz, dm of this step; and `direct`, in place
#import shared/grid
#import shared/recurrent
struct Params { count: u32, B: u32, H: u32, D: u32, time_stride: u32, batch_stride: u32, dy_offset: u32, first_time: u32, second_time: u32, y_offset: u32, h0_offset: u32, direct_offset: u32, is_first: u32, is_last: u32 }
alias S = f32;
alias V = f32;
var<storage, read> dy: array<S>;
var<storage, read> back: array<S>;
var<storage, read> gates: array<S>;
var<storage, read> y: array<S>;
var<storage, read> h0: array<S>;
var<storage, read_write> dx: array<S>;
var<storage, read_write> dhidden: array<S>;
var<storage, read_write> state: array<S>;
const WORKGROUP_SIZE = 64u;

fn store(at: Place, gate: u32, value: V, hidden: V) {
  dx[(3 * at.row + gate) * p.H + at.unit] = S(value);
  dhidden[(3 * at.row + gate) * p.H + at.unit] = S(hidden);
  state[(3 * at.state + gate) * p.H + at.unit] = S(hidden);
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let e = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if e >= p.count { return; }
  let at = place_of(e);
  let start = 4 * at.row * p.H + at.unit;
  let r = V(gates[start]);
  let z = V(gates[start + p.H]);
  let n = V(gates[start + 2 * p.H]);
  let m = V(gates[start + 3 * p.H]);
  var before = V();
  if p.is_first != 0 { before = V(h0[p.h0_offset + e]); } else { before = V(y[p.y_offset + at.previous * p.H + at.unit]); }
  var dh = V(dy[p.dy_offset + at.row * p.H + at.unit]) + V(back[e]);
  if p.is_last == 0 { dh += V(state[p.direct_offset + e]); }
  let dn = dh * (1 - z) * (1 - n * n);
  let dr = dn * m * r * (1 - r);
  let dz = dh * (before - n) * z * (1 - z);
  store(at, 0, dr, dr);
  store(at, 1, dz, dz);
  store(at, 2, dn, dn * r);
  state[p.direct_offset + e] = S(dh * z);
}
