// The cross-entropy of class indices, from logits, row by row:
//   loss[r] = (m[r] - x[r, target[r]]) + log_sum[r]      m[r] = max_c x[r, c],  log_sum[r] = log sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C logits `inner` apart; the lanes of a workgroup share it. Rows whose target is `ignored`
// count for nothing. m and log_sum are kept for the derivative; m apart, since adding it would round log_sum where logits
// are large. Other targets outside 0 .. C - 1 are reported as a fault.
//   binding 0  x       [outer, C, inner]  read
//           1  labels  [rows]             read
//           2  out     m [rows], log_sum [rows], loss [rows]  write, side by side at the offsets given
//           3  fault                      write
#import shared/grid
#import shared/cross-entropy
#import shared/row-lanes
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32, labels_offset: u32, m_offset: u32, log_sum_offset: u32, loss_offset: u32, ignored: i32, fault_code: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read> labels: array<i32>;
var<storage, read_write> out: array<f32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let r = workgroup_index(group, groups);
  if r >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let start = row_start(r);
  var largest = f32(x[start]);
  for (var c = lane; c < p.C; c += LANES) { largest = larger(largest, f32(x[start + c * p.inner])); }
  let m = max_over_row(largest, lane);
  var sum = 0.0;
  for (var c = lane; c < p.C; c += LANES) { sum += exp_(f32(x[start + c * p.inner]) - m); } // NaN where x has one
  sum = sum_over_row(sum, lane);
  if lane == 0 { out[p.loss_offset + r] = settle(r, m, log_(sum)).x; }
}
