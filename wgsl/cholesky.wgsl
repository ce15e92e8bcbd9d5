// A = L L^T for a symmetric positive definite A, in place, from its lower triangle; the upper one becomes 0.
//
// One workgroup per matrix. Step k divides column k by sqrt(a[k, k]) and subtracts its outer product from what is right of
// it. info is 0, or the first k, from 1, whose leading minor is not positive; with a code that is reported as a fault too, with the number of the matrix.
//   binding 0  a      [batches, n, n]  read, write
//           1  info   [batches]        write
//           2  fault                   write
#import shared/grid
#import shared/fault
#import shared/math
struct Params { batches: u32, n: u32, fault_code: u32 }
var<storage, read_write> a: array<f32>;
var<storage, read_write> info: array<i32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups);
  if g >= p.batches { return; } // the whole workgroup, so the barriers below stay uniform
  let n = p.n;
  let base = g * n * n;
  var failed = 0u;
  for (var k = 0u; k < n; k++) {
    let d = a[base + k * n + k];
    if failed == 0u && (d <= 0.0 || is_nan(d)) { failed = k + 1; }
    let root = sqrt_(d);
    for (var i = k + 1 + lane; i < n; i += WORKGROUP_SIZE) { a[base + i * n + k] /= root; }
    storageBarrier();
    workgroupBarrier();
    if lane == 0 { a[base + k * n + k] = root; }
    let width = n - k - 1;
    for (var t = lane; t < width * width; t += WORKGROUP_SIZE) {
      let i = k + 1 + t / width;
      let j = k + 1 + t % width;
      if j <= i { a[base + i * n + j] -= a[base + i * n + k] * a[base + j * n + k]; }
      else { a[base + k * n + j] = 0.0; }
    }
    if lane == 0 && width > 0 { a[base + k * n + k + 1] = 0.0; } // the pairs above leave out j = k + 1
    storageBarrier();
    workgroupBarrier();
  }
  if lane == 0 {
    info[g] = i32(failed);
    if failed != 0 && p.fault_code != 0 { report_fault(p.fault_code, i32(failed), g); }
  }
}
