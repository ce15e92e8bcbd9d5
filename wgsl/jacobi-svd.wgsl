// Singular values by one-sided Jacobi rotations (Hestenes, 1958), in place: pairs of rows of x are rotated until all rows are
// orthogonal to each other; then their lengths are the singular values. The rotations are collected in v.
//
// One workgroup per matrix, one lane per pair of rows. A sweep visits every pair once, in rounds of pairs that share no
// row. A launch makes a number of sweeps; `done` says that one of them found nothing left to rotate. Elements should be
// at most about 1.
//   binding 0  x     [batches, n, m]  read, write
//           1  v     [batches, n, n]  read, write; the identity at first
//           2  done  [batches]        read, write; 0 at first
#import shared/grid
struct Params { batches: u32, n: u32, m: u32, sweeps: u32 }
var<storage, read_write> x: array<f32>;
var<storage, read_write> v: array<f32>;
var<storage, read_write> done: array<u32>;
override WORKGROUP_SIZE: u32 = 64;
var<workgroup> rotated: atomic<u32>;
var<workgroup> is_going: u32;
#import shared/tournament

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups);
  if g >= p.batches { return; } // the whole workgroup, so the barriers below stay uniform
  let n = p.n;
  let pairs = (n + 1) / 2;
  let tolerance = 1.2e-7 * sqrt(f32(p.m));
  for (var sweep = 0u; sweep < p.sweeps; sweep++) {
    if lane == 0 {
      is_going = 1 - done[g];
      atomicStore(&rotated, 0u);
    }
    if workgroupUniformLoad(&is_going) == 0 { break; }
    for (var round = 0u; round < 2 * pairs - 1; round++) {
      for (var i = lane; i < pairs; i += WORKGROUP_SIZE) {
        let pair = pair_of(round, i, pairs);
        if pair.y < n { rotate(g, pair, tolerance); }
      }
      storageBarrier();
    }
    workgroupBarrier();
    if lane == 0 && atomicLoad(&rotated) == 0 { done[g] = 1; }
  }
}

fn rotate(g: u32, pair: vec2u, tolerance: f32) {
  let first = (g * p.n + pair.x) * p.m;
  let second = (g * p.n + pair.y) * p.m;
  var alpha = 0.0;
  var beta = 0.0;
  var gamma = 0.0;
  for (var j = 0u; j < p.m; j++) {
    let one = x[first + j];
    let other = x[second + j];
    alpha += one * one;
    beta += other * other;
    gamma += one * other;
  }
  if gamma == 0.0 || !(abs(gamma) > tolerance * sqrt(alpha) * sqrt(beta)) { return; }
  atomicStore(&rotated, 1u);
  let rotation = rotation_for((beta - alpha) / (2.0 * gamma));
  for (var j = 0u; j < p.m; j++) {
    let row = vec2f(x[first + j], x[second + j]);
    x[first + j] = rotation.x * row.x - rotation.y * row.y;
    x[second + j] = rotation.y * row.x + rotation.x * row.y;
  }
  let from_first = (g * p.n + pair.x) * p.n;
  let from_second = (g * p.n + pair.y) * p.n;
  for (var j = 0u; j < p.n; j++) {
    let row = vec2f(v[from_first + j], v[from_second + j]);
    v[from_first + j] = rotation.x * row.x - rotation.y * row.y;
    v[from_second + j] = rotation.y * row.x + rotation.x * row.y;
  }
}
