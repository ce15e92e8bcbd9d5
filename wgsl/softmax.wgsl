// softmax     y[r, c] = exp(x[r, c] - m[r]) / s[r]
// logSoftmax  y[r, c] = x[r, c] - m[r] - log(s[r])      m[r] = max_c x[r, c],  s[r] = sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C elements `inner` apart. One workgroup per row, lane i taking columns i,
// i + WORKGROUP_SIZE, ...; with WORKGROUP_SIZE = 1 and ROWS > 1, one lane per row, ROWS rows per workgroup. Subtracting
// m[r] keeps exp in range and leaves the quotient unchanged.
//   binding 0  x  [outer, C, inner]  read
//           1  y  [outer, C, inner]  write
#import shared/grid
#import shared/math
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64; // a power of two: lanes per row
override ROWS: u32 = 1; // per workgroup
override IS_LOG: bool = false;
var<workgroup> strands: array<f32, WORKGROUP_SIZE * ROWS>;

@compute @workgroup_size(WORKGROUP_SIZE, ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + local.y, p.rows - 1); // lanes past the end repeat the last row and store the same
  let start = r / p.inner * p.C * p.inner + r % p.inner;
  let from_x = p.x_offset + start;
  let base = local.y * WORKGROUP_SIZE;
  let lane = local.x;

  var largest = f32(x[from_x]);
  for (var c = lane; c < p.C; c += WORKGROUP_SIZE) {
    let value = f32(x[from_x + c * p.inner]);
    if value > largest || is_nan(value) { largest = value; }
  }
  strands[base + lane] = largest;
  for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane < half {
      let other = strands[base + lane + half];
      if other > strands[base + lane] || is_nan(other) { strands[base + lane] = other; }
    }
  }
  workgroupBarrier();
  let m = strands[base];
  workgroupBarrier();

  var sum = 0.0;
  for (var c = lane; c < p.C; c += WORKGROUP_SIZE) { sum += exp_(f32(x[from_x + c * p.inner]) - m); }
  strands[base + lane] = sum;
  for (var half = WORKGROUP_SIZE / 2; half > 0; half /= 2) {
    workgroupBarrier();
    if lane < half { strands[base + lane] += strands[base + lane + half]; }
  }
  workgroupBarrier();
  let s = strands[base];

  let log_s = log_(s);
  for (var c = lane; c < p.C; c += WORKGROUP_SIZE) {
    let shifted = f32(x[from_x + c * p.inner]) - m;
    y[start + c * p.inner] = S(select(exp_(shifted) / s, shifted - log_s, IS_LOG));
  }
}
