// softmax     y[r, c] = exp(x[r, c] - m[r]) / s[r]
// logSoftmax  y[r, c] = x[r, c] - m[r] - log(s[r])      m[r] = max_c x[r, c],  s[r] = sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C elements (or vectors of four, where inner = 1) `inner` apart. LANES lanes share a row,
// taking every LANES-th, and a workgroup has ROWS rows. Subtracting m[r] keeps exp in range and leaves the quotient
// unchanged. A NaN may be missed by max, but not by the sum; and infinity - infinity is NaN. Rows of any length are read as
// vectors too where RUN = 4: C and `start` count elements then, and `kept` and `put` leave out what lies before and after.
//   binding 0  x  [outer, C, inner]  read
//           1  y  [outer, C, inner]  write
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32 }
alias S = f32;
alias V = f32;
alias Y = f32;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<Y>;
override IS_LOG: bool = false;
override RUN: u32 = 1;

#slot vector

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + local.x / LANES, p.rows - 1); // lanes past the end repeat the last row and store the same
  let start = r / p.inner * p.C * p.inner + r % p.inner;
  let step = LANES * p.inner;
  let first = start / RUN + local.x % LANES * p.inner;
  let end = (start + p.C * p.inner + RUN - 1) / RUN;

  var largest = V(-0x1.fffffep+127); // lowest finite f32: WGSL has no literal for -infinity
  for (var i = first; i < end; i += step) { largest = max(largest, kept(V(x[p.x_offset + i]), largest, i, start)); }
  let m = max_over_row(largest_of(largest), local.x);

  var sum = V();
  for (var i = first; i < end; i += step) { sum += kept(exp_of(V(x[p.x_offset + i]) - m), V(), i, start); }
  let s = sum_over_row(sum_of(sum), local.x);

  if IS_LOG {
    let log_s = log_(s);
    for (var i = first; i < end; i += step) { put(i, (V(x[p.x_offset + i]) - m) - log_s, start); }
  } else {
    let scale = 1.0 / s;
    for (var i = first; i < end; i += step) { put(i, exp_of(V(x[p.x_offset + i]) - m) * scale, start); }
  }
}
