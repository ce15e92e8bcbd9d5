// y[r, c] = (x[r, c] - mean[r]) rstd[r] weight + bias
//   mean[r] = sum_c x[r, c] / C      rstd[r] = 1 / sqrt(sum_c (x[r, c] - mean[r])^2 / C + eps)
//
// LANES lanes share a row, taking every LANES-th of its elements (or vectors of four), and a workgroup has ROWS rows. The
// variance has a pass of its own, so that nothing cancels however large the mean is. Sums run in strands of 64. Rows come
// in groups, each of which has C / spread weights: the c of one weight are `spread` neighbours.
//   binding 0  x       [rows, C]                   read
//           1  weight  [groups, C / spread]        read
//           2  bias    [groups, C / spread]        read
//           3  y       [rows, C]                   write
//           4  stats   mean [rows] and rstd [rows] write, at the offsets given
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { rows: u32, C: u32, groups: u32, spread: u32, x_offset: u32, weight_offset: u32, bias_offset: u32, mean_offset: u32, rstd_offset: u32, share: f32, eps: f32 }
alias V = f32;
alias W = f32;
var<storage, read> x: array<V>;
var<storage, read> weight: array<W>;
var<storage, read> bias: array<W>;
var<storage, read_write> y: array<V>;
var<storage, read_write> stats: array<f32>;
override HAS_WEIGHT: bool = true;
override HAS_BIAS: bool = true;

#slot vector

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + local.x / LANES, p.rows - 1); // lanes past the end repeat the last row and store the same
  let lane = local.x % LANES;
  let from_x = p.x_offset + r * p.C;

  var sum = V();
  for (var first = lane; first < p.C; first += 64 * LANES) {
    var strand = V();
    for (var c = first; c < min(first + 64 * LANES, p.C); c += LANES) { strand += x[from_x + c]; }
    sum += strand;
  }
  let mean = sum_over_row(sum_of(sum), local.x) * p.share;

  var squares = V();
  for (var first = lane; first < p.C; first += 64 * LANES) {
    var strand = V();
    for (var c = first; c < min(first + 64 * LANES, p.C); c += LANES) {
      let d = x[from_x + c] - mean;
      strand += d * d;
    }
    squares += strand;
  }
  let rstd = 1.0 / sqrt_(sum_over_row(sum_of(squares), local.x) * p.share + p.eps);

  let from_weights = r % p.groups * (p.C / p.spread);
  for (var c = lane; c < p.C; c += LANES) {
    let w = from_weights + c / p.spread;
    var value = (x[from_x + c] - mean) * rstd;
    if HAS_WEIGHT { value *= V(weight[p.weight_offset + w]); }
    if HAS_BIAS { value += V(bias[p.bias_offset + w]); }
    y[r * p.C + c] = value;
  }
  if lane == 0 {
    stats[p.mean_offset + r] = mean;
    stats[p.rstd_offset + r] = rstd;
  }
}
