// The sum or mean of the cross-entropy of class indices, from logits, by a single workgroup:
//   loss[r] = (m[r] - x[r, target[r]]) + log_sum[r]      m[r] = max_c x[r, c],  log_sum[r] = log sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C logits `inner` apart. Lane i takes rows i, i + WORKGROUP_SIZE, ...; losses meet in a tree.
// Rows whose target is `ignored` count for nothing. m, log_sum and what the rows count together are kept for the derivative;
// m apart, since adding it would round log_sum where logits are large. Other targets outside 0 .. C - 1 are reported as a
// fault. What weights of classes and smoothing change is written by the launcher (src/kernels/cross-entropy-text.ts).
//   binding 0  x        [outer, C, inner]  read
//           1  labels   [rows]             read
//           2  out      m [rows], log_sum [rows], loss [1], count [1]; of weighted rows their mass  write, side by side
//           3  fault                       write
//           4  weights  [C], if there are any  read
#import shared/cross-entropy
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32, labels_offset: u32, m_offset: u32, log_sum_offset: u32, loss_offset: u32, ignored: i32, fault_code: u32, count_offset: u32, is_mean: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read> labels: array<i32>;
var<storage, read_write> out: array<f32>;
var<storage, read_write> fault: array<atomic<u32>, 4>;
const WORKGROUP_SIZE = 128u; // a power of two
var<workgroup> strands: array<vec2f, WORKGROUP_SIZE>;

#slot options

fn settle_alone(r: u32) -> vec2f {
  let start = row_start(r);
  var m = f32(x[start]);
  for (var c = 1u; c < p.C; c++) { m = max(m, f32(x[start + c * p.inner])); }
  var sum = 0.0;
  for (var c = 0u; c < p.C; c++) { sum += exp_(f32(x[start + c * p.inner]) - m); } // NaN where x has one
  let log_sum = log_(sum);
  return settle(r, m, log_sum, spread_of(start, m, log_sum, 0));
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(local_invocation_index) lane: u32) {
  var strand = vec2f();
  for (var r = lane; r < p.rows; r += WORKGROUP_SIZE) { strand += settle_alone(r); }
  strands[lane] = strand;
  for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane < half { strands[lane] += strands[lane + half]; }
  }
  if lane == 0 {
    out[p.loss_offset] = strands[0].x / select(1.0, strands[0].y, p.is_mean != 0);
    out[p.count_offset] = strands[0].y;
  }
}
