// last[o, d, i] = 1 + the last j with index[o, j, i] = d, and 0, which it was before, where there is none
//
// One lane per index. The largest j is the same whoever comes first. Indices out of range are reported.
//   binding 0  index             read
//           1  last   [O, D, I]  write, zeros before
//           2  fault             write
#import shared/grid
#import shared/fault
struct Params { O: u32, J: u32, I: u32, D: u32, index_offset: u32, index_o: u32, index_j: u32, index_i: u32, wraps: u32, fault_code: u32 }
var<storage, read> index: array<i32>;
var<storage, read_write> last: array<atomic<u32>>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if n >= p.O * p.J * p.I { return; }
  let i = n % p.I;
  let j = n / p.I % p.J;
  let o = n / p.I / p.J;
  let value = index[p.index_offset + o * p.index_o + j * p.index_j + i * p.index_i];
  let d = value + select(0, i32(p.D), value < 0 && p.wraps != 0);
  if d < 0 || d >= i32(p.D) {
    report_fault(p.fault_code, value, p.D);
    return;
  }
  atomicMax(&last[(o * p.D + u32(d)) * p.I + i], j + 1);
}
