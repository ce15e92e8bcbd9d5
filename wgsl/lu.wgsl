// P A = L U with partial pivoting, in place: L below the diagonal (its own diagonal is 1), U on and above it.
//
// One workgroup per matrix. Step k: the lanes look for the largest |a[i, k]| with i >= k (the first of equals), exchange
// that row with row k, divide the column below by it and subtract the outer product from what is left. pivots[k] is the
// row exchanged with k, counted from 1 as LAPACK does. info is 0, or the first k, from 1, with u[k, k] = 0; with a code
// that is reported as a fault too, with the number of the matrix.
//   binding 0  a       [batches, m, n]          read, write
//           1  pivots  [batches, min(m, n)]     write
//           2  info    [batches]                write
//           3  fault                            write
#import shared/grid
#import shared/fault
struct Params { batches: u32, m: u32, n: u32, is_pivoting: u32, fault_code: u32 }
var<storage, read_write> a: array<f32>;
var<storage, read_write> pivots: array<i32>;
var<storage, read_write> info: array<i32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
override WORKGROUP_SIZE: u32 = 64; // a power of two
var<workgroup> largest: array<f32, WORKGROUP_SIZE>;
var<workgroup> where_largest: array<u32, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups);
  if g >= p.batches { return; } // the whole workgroup, so the barriers below stay uniform
  let base = g * p.m * p.n;
  let steps = min(p.m, p.n);
  var failed = 0u;
  for (var k = 0u; k < steps; k++) {
    var best = -1.0;
    var best_row = k;
    if p.is_pivoting != 0 {
      for (var i = k + lane; i < p.m; i += WORKGROUP_SIZE) {
        let size = abs(a[base + i * p.n + k]);
        if size > best { best = size; best_row = i; }
      }
    }
    largest[lane] = best;
    where_largest[lane] = best_row;
    for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
      workgroupBarrier();
      if lane < half {
        let other = largest[lane + half];
        let other_row = where_largest[lane + half];
        if other > largest[lane] || (other == largest[lane] && other_row < where_largest[lane]) {
          largest[lane] = other;
          where_largest[lane] = other_row;
        }
      }
    }
    workgroupBarrier();
    let row = where_largest[0];
    if lane == 0 { pivots[g * steps + k] = i32(row) + 1; }
    if row != k {
      for (var j = lane; j < p.n; j += WORKGROUP_SIZE) {
        let upper = a[base + k * p.n + j];
        a[base + k * p.n + j] = a[base + row * p.n + j];
        a[base + row * p.n + j] = upper;
      }
    }
    storageBarrier();
    workgroupBarrier();
    let pivot = a[base + k * p.n + k];
    if pivot == 0.0 {
      if failed == 0u { failed = k + 1; }
    } else {
      for (var i = k + 1 + lane; i < p.m; i += WORKGROUP_SIZE) { a[base + i * p.n + k] /= pivot; }
    }
    storageBarrier();
    let width = p.n - k - 1;
    let count = (p.m - k - 1) * width;
    for (var t = lane; t < count; t += WORKGROUP_SIZE) {
      let i = k + 1 + t / width;
      let j = k + 1 + t % width;
      a[base + i * p.n + j] -= a[base + i * p.n + k] * a[base + k * p.n + j];
    }
    storageBarrier();
    workgroupBarrier();
  }
  if lane == 0 {
    info[g] = i32(failed);
    if failed != 0 && p.fault_code != 0 { report_fault(p.fault_code, i32(failed), g); }
  }
}
