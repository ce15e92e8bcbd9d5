// The order of rows that a list of exchanges leads to: order starts as 0, 1, ... and for k = 0, 1, ... exchanges its elements
// k and pivots[k] - 1.
//
// One lane per list.
//   binding 0  pivots  [batches, k]  read
//           1  order   [batches, m]  write
#import shared/grid
struct Params { batches: u32, k: u32, m: u32, pivots_offset: u32 }
var<storage, read> pivots: array<i32>;
var<storage, read_write> order: array<i32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if g >= p.batches { return; }
  let base = g * p.m;
  for (var i = 0u; i < p.m; i++) { order[base + i] = i32(i); }
  for (var k = 0u; k < p.k; k++) {
    let row = min(u32(max(pivots[p.pivots_offset + g * p.k + k], 1)) - 1, p.m - 1);
    let upper = order[base + k];
    order[base + k] = order[base + row];
    order[base + row] = upper;
  }
}
