// Eigenvalues and eigenvectors of a symmetric matrix by Jacobi's method, in place: rotations in the planes (p, q), each of
// which makes a[p, q] zero, until all elements off the diagonal are next to nothing; then the diagonal holds the
// eigenvalues. The rotations are collected in v, whose rows become the eigenvectors.
//
// One workgroup per matrix. A sweep visits every pair once, in rounds of pairs that share no index (as in a tournament:
// Brent and Luk, "The solution of singular-value and symmetric eigenvalue problems on multiprocessor arrays", 1985), so
// that a round's rotations can be applied together: first to the rows, then to the columns. A launch makes a number of
// sweeps; `done` says that one of them found nothing left to rotate. Elements should be at most about 1.
//   binding 0  a          [batches, n, n]      read, write
//           1  v          [batches, n, n]      read, write; the identity at first
//           2  rotations  [batches, n + 1]     cosines and sines of a round
//           3  done       [batches]            read, write; 0 at first
#import shared/grid
struct Params { batches: u32, n: u32, sweeps: u32 }
var<storage, read_write> a: array<f32>;
var<storage, read_write> v: array<f32>;
var<storage, read_write> rotations: array<f32>;
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
  let base = g * n * n;
  let scratch = g * (n + 1);
  let pairs = (n + 1) / 2;
  for (var sweep = 0u; sweep < p.sweeps; sweep++) {
    if lane == 0 {
      is_going = 1 - done[g];
      atomicStore(&rotated, 0u);
    }
    if workgroupUniformLoad(&is_going) == 0 { break; }
    for (var round = 0u; round < 2 * pairs - 1; round++) {
      for (var i = lane; i < pairs; i += WORKGROUP_SIZE) {
        let pair = pair_of(round, i, pairs);
        var rotation = vec2f(1.0, 0.0);
        if pair.y < n {
          let off = a[base + pair.x * n + pair.y];
          let first = a[base + pair.x * n + pair.x];
          let second = a[base + pair.y * n + pair.y];
          if abs(off) > max(1e-8, 1.2e-7 * sqrt(abs(first)) * sqrt(abs(second))) {
            rotation = rotation_for((second - first) / (2.0 * off));
            atomicStore(&rotated, 1u);
          }
        }
        rotations[scratch + 2 * i] = rotation.x;
        rotations[scratch + 2 * i + 1] = rotation.y;
      }
      storageBarrier();
      for (var t = lane; t < pairs * n; t += WORKGROUP_SIZE) {
        let i = t / n;
        let pair = pair_of(round, i, pairs);
        let sine = rotations[scratch + 2 * i + 1];
        if sine != 0.0 {
          let cosine = rotations[scratch + 2 * i];
          let at = base + pair.x * n + t % n;
          let other = base + pair.y * n + t % n;
          let row = vec2f(a[at], a[other]);
          a[at] = cosine * row.x - sine * row.y;
          a[other] = sine * row.x + cosine * row.y;
          let vector = vec2f(v[at], v[other]);
          v[at] = cosine * vector.x - sine * vector.y;
          v[other] = sine * vector.x + cosine * vector.y;
        }
      }
      storageBarrier();
      for (var t = lane; t < pairs * n; t += WORKGROUP_SIZE) {
        let i = t / n;
        let pair = pair_of(round, i, pairs);
        let sine = rotations[scratch + 2 * i + 1];
        if sine != 0.0 {
          let cosine = rotations[scratch + 2 * i];
          let row = t % n;
          let at = base + row * n + pair.x;
          let other = base + row * n + pair.y;
          let column = vec2f(a[at], a[other]);
          a[at] = select(cosine * column.x - sine * column.y, 0.0, row == pair.y);
          a[other] = select(sine * column.x + cosine * column.y, 0.0, row == pair.x);
        }
      }
      storageBarrier();
    }
    workgroupBarrier();
    if lane == 0 && atomicLoad(&rotated) == 0 { done[g] = 1; }
  }
}
