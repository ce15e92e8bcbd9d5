// Solves A X = B for a triangular A, in place of B: x[i] = (b[i] - sum_j a[i, j] x[j]) / a[i, i], j over what is solved.
//
// One lane per column of X; what is on the other side of the diagonal is not read, nor the diagonal where it is 1.
//   binding 0  a  [batches, n, n]  read
//           1  x  [batches, n, k]  read, write
#import shared/grid
struct Params { batches: u32, n: u32, k: u32, a_offset: u32, is_upper: u32, is_unit: u32 }
var<storage, read> a: array<f32>;
var<storage, read_write> x: array<f32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let at = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  if at >= p.batches * p.k { return; }
  let g = at / p.k;
  let column = g * p.n * p.k + at % p.k;
  let matrix = p.a_offset + g * p.n * p.n;
  for (var step = 0u; step < p.n; step++) {
    let i = select(step, p.n - 1 - step, p.is_upper != 0);
    let row = matrix + i * p.n;
    var sum = x[column + i * p.k];
    let first = select(0u, i + 1, p.is_upper != 0);
    for (var j = first; j < first + step; j++) { sum -= a[row + j] * x[column + j * p.k]; }
    if p.is_unit == 0 { sum /= a[row + i]; }
    x[column + i * p.k] = sum;
  }
}
