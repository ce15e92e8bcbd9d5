// y[o, j, i] = x[o, index[o, j, i], i]
//
// The elements (or vectors of four, which I then counts) of one o and j are copied by `lanes` lanes, which take every
// lanes-th. The index may be broadcast over o and i (strides 0), as in embedding and indexSelect; where it differs between
// the i, there are I lanes. An index outside 0 .. D - 1 is reported as a fault and reads row 0; `wraps` lets -D .. -1 count
// from the end.
//   binding 0  x      [O, D, I]  read
//           1  index             read
//           2  y      [O, J, I]  write
//           3  fault             write
#import shared/grid
#import shared/fault
struct Params { O: u32, J: u32, I: u32, D: u32, x_offset: u32, index_offset: u32, index_o: u32, index_j: u32, index_i: u32, wraps: u32, fault_code: u32, lanes: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read> index: array<i32>;
var<storage, read_write> y: array<S>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let row = at / p.lanes;
  if row >= p.O * p.J { return; }
  let first = at % p.lanes;
  let j = row % p.J;
  let o = row / p.J;
  let value = index[p.index_offset + o * p.index_o + j * p.index_j + first * p.index_i];
  var d = value + select(0, i32(p.D), value < 0 && p.wraps != 0);
  if d < 0 || d >= i32(p.D) {
    report_fault(p.fault_code, value, p.D);
    d = 0;
  }
  let source = p.x_offset + (o * p.D + u32(d)) * p.I;
  for (var i = first; i < p.I; i += p.lanes) { y[row * p.I + i] = x[source + i]; }
}
