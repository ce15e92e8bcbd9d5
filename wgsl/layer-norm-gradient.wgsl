// The derivative of layer-norm.wgsl with respect to x, from that with respect to y:
//   dx[r, c] = rstd[r] (g[r, c] - sum_c g[r, c] / C - h[r, c] sum_c g[r, c] h[r, c] / C)
//   g = dy weight      h = (x - mean) rstd
//
// Rows, lanes, strands and weights as there.
//   binding 0  x       [rows, C]                   read
//           1  dy      [rows, C]                   read
//           2  weight  [groups, C / spread]        read
//           3  stats   mean [rows] and rstd [rows] read, at the offsets given
//           4  dx      [rows, C]                   write
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { rows: u32, C: u32, groups: u32, spread: u32, x_offset: u32, dy_offset: u32, weight_offset: u32, mean_offset: u32, rstd_offset: u32, share: f32 }
alias V = f32;
alias W = f32;
var<storage, read> x: array<V>;
var<storage, read> dy: array<V>;
var<storage, read> weight: array<W>;
var<storage, read> stats: array<f32>;
var<storage, read_write> dx: array<V>;
override HAS_WEIGHT: bool = true;

#slot vector

fn g_at(r: u32, c: u32) -> V {
  let g = dy[p.dy_offset + r * p.C + c];
  if !HAS_WEIGHT { return g; }
  return g * V(weight[p.weight_offset + r % p.groups * (p.C / p.spread) + c / p.spread]);
}

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + local.x / LANES, p.rows - 1); // lanes past the end repeat the last row and store the same
  let lane = local.x % LANES;
  let from_x = p.x_offset + r * p.C;
  let mean = stats[p.mean_offset + r];
  let rstd = stats[p.rstd_offset + r];

  var sum = V();
  var along = V();
  for (var first = lane; first < p.C; first += 64 * LANES) {
    var strand = V();
    var strand_along = V();
    for (var c = first; c < min(first + 64 * LANES, p.C); c += LANES) {
      let g = g_at(r, c);
      strand += g;
      strand_along += g * (x[from_x + c] - mean) * rstd;
    }
    sum += strand;
    along += strand_along;
  }
  let mean_of_g = sum_over_row(sum_of(sum), local.x) * p.share;
  let mean_along = sum_over_row(sum_of(along), local.x) * p.share;
  for (var c = lane; c < p.C; c += LANES) {
    let h = (x[from_x + c] - mean) * rstd;
    dx[r * p.C + c] = rstd * (g_at(r, c) - mean_of_g - h * mean_along);
  }
}
