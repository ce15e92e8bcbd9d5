// A = Q R by Householder reflections, in place, as LAPACK's geqrf leaves it: R on and above the diagonal; below it, in column
// k, the vector v of the reflection I - tau v v^T, whose element k is 1.
//
// One workgroup per matrix. Step k: with alpha = a[k, k] and r the norm of column k from there on,
// beta = -sign(alpha) r, tau = (beta - alpha) / beta, v = a / (alpha - beta); tau = 0 where there is nothing below the
// diagonal. Columns are divided by their largest element before they are squared, so that squares stay in range. Then
// the lanes reflect the columns to the right, one each.
//   binding 0  a    [batches, m, n]          read, write
//           1  tau  [batches, min(m, n)]     write
#import shared/grid
struct Params { batches: u32, m: u32, n: u32 }
var<storage, read_write> a: array<f32>;
var<storage, read_write> tau: array<f32>;
override WORKGROUP_SIZE: u32 = 64; // a power of two
var<workgroup> lanes: array<f32, WORKGROUP_SIZE>;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let g = workgroup_index(group, groups);
  if g >= p.batches { return; } // the whole workgroup, so the barriers below stay uniform
  let n = p.n;
  let base = g * p.m * n;
  let steps = min(p.m, n);
  for (var k = 0u; k < steps; k++) {
    var size = 0.0;
    for (var i = k + 1 + lane; i < p.m; i += WORKGROUP_SIZE) { size = max(size, abs(a[base + i * n + k])); }
    lanes[lane] = size;
    for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
      workgroupBarrier();
      if lane < half { lanes[lane] = max(lanes[lane], lanes[lane + half]); }
    }
    workgroupBarrier();
    let alpha = a[base + k * n + k];
    let below = lanes[0];
    let scale = max(below, abs(alpha));
    workgroupBarrier();
    var squares = 0.0;
    for (var i = k + 1 + lane; i < p.m; i += WORKGROUP_SIZE) {
      let x = a[base + i * n + k] / scale;
      squares += x * x;
    }
    lanes[lane] = squares;
    for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
      workgroupBarrier();
      if lane < half { lanes[lane] += lanes[lane + half]; }
    }
    workgroupBarrier();
    var t = 0.0;
    var beta = alpha;
    if below != 0.0 {
      let x = alpha / scale;
      let r = scale * sqrt(x * x + lanes[0]);
      beta = select(r, -r, alpha >= 0.0);
      t = (beta - alpha) / beta;
      for (var i = k + 1 + lane; i < p.m; i += WORKGROUP_SIZE) { a[base + i * n + k] /= alpha - beta; }
    }
    storageBarrier();
    workgroupBarrier();
    if lane == 0 {
      a[base + k * n + k] = beta;
      tau[g * steps + k] = t;
    }
    for (var j = k + 1 + lane; j < n; j += WORKGROUP_SIZE) {
      var dot = a[base + k * n + j];
      for (var i = k + 1; i < p.m; i++) { dot += a[base + i * n + k] * a[base + i * n + j]; }
      dot *= t;
      a[base + k * n + j] -= dot;
      for (var i = k + 1; i < p.m; i++) { a[base + i * n + j] -= dot * a[base + i * n + k]; }
    }
    storageBarrier();
    workgroupBarrier();
  }
}
