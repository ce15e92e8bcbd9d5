// key[o, i, j] = index[o, j, i], or D where it is out of range, which is reported as a fault
//
// One lane per key. `wraps` lets -D .. -1 count from the end.
//   binding 0  index             read
//           1  key    [O, I, J]  write
//           2  fault             write
#import shared/grid
#import shared/fault
struct Params { O: u32, J: u32, I: u32, D: u32, index_offset: u32, index_o: u32, index_j: u32, index_i: u32, wraps: u32, fault_code: u32 }
var<storage, read> index: array<i32>;
var<storage, read_write> key: array<u32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let n = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if n >= p.O * p.J * p.I { return; }
  let j = n % p.J;
  let i = n / p.J % p.I;
  let o = n / p.J / p.I;
  let value = index[p.index_offset + o * p.index_o + j * p.index_j + i * p.index_i];
  let d = value + select(0, i32(p.D), value < 0 && p.wraps != 0);
  if d < 0 || d >= i32(p.D) {
    report_fault(p.fault_code, value, p.D);
    key[n] = p.D;
    return;
  }
  key[n] = u32(d);
}
