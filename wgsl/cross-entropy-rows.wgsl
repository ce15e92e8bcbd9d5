// The cross-entropy of class indices, from logits, row by row:
//   loss[r] = (m[r] - x[r, target[r]]) + log_sum[r]      m[r] = max_c x[r, c],  log_sum[r] = log sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C logits (or vectors of four, where inner = 1) `inner` apart. LANES lanes share a row, and a
// workgroup has ROWS rows. Rows whose target is `ignored` count for nothing. m and log_sum are kept for the derivative; m
// apart, since adding it would round log_sum where logits are large. A NaN may be missed by max, but not by the sum. Other
// targets outside 0 .. C - 1 are reported as a fault. What weights of classes and smoothing change is written by the
// launcher (src/kernels/cross-entropy-text.ts).
//   binding 0  x        [outer, C, inner]  read
//           1  labels   [rows]             read
//           2  out      m [rows], log_sum [rows], loss [rows]; of weighted rows their mass and share  write, side by side
//           3  fault                       write
//           4  weights  [C], if there are any  read
#import shared/grid
#import shared/cross-entropy
#import shared/row-lanes
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32, labels_offset: u32, m_offset: u32, log_sum_offset: u32, loss_offset: u32, ignored: i32, fault_code: u32 }
alias S = f32;
alias V = f32;
override WIDTH: u32 = 1; // of V
var<storage, read> x: array<S>;
var<storage, read> labels: array<i32>;
var<storage, read_write> out: array<f32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;

#slot vector
#slot options

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + lane / LANES, p.rows - 1); // lanes past the end repeat the last row and store the same
  let start = row_start(r);
  let step = LANES * p.inner;
  let first = start / WIDTH + lane % LANES * p.inner;
  let end = (start + p.C * p.inner) / WIDTH;

  var largest = V(-0x1.fffffep+127); // lowest finite f32: WGSL has no literal for -infinity
  for (var i = first; i < end; i += step) { largest = max(largest, V(x[i])); }
  let m = max_over_row(largest_of(largest), lane);
  var sum = V();
  for (var i = first; i < end; i += step) { sum += exp_of(V(x[i]) - m); }
  let log_sum = log_(sum_over_row(sum_of(sum), lane));
  let spread = spread_of(start, m, log_sum, lane);
  if lane % LANES == 0 {
    let settled = settle(r, m, log_sum, spread);
    keep_loss(r, settled.x, settled.y);
  }
}
