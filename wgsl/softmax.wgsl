// softmax     y[r, c] = exp(x[r, c] - m[r]) / s[r]
// logSoftmax  y[r, c] = x[r, c] - m[r] - log(s[r])      m[r] = max_c x[r, c],  s[r] = sum_c exp(x[r, c] - m[r])
//
// Row r = (outer, inner) has its C elements (or vectors of four, where inner = 1) `inner` apart. LANES lanes share a row,
// taking every LANES-th, and a workgroup has ROWS rows. Subtracting m[r] keeps exp in range and leaves the quotient
// unchanged. A NaN may be missed by max, but not by the sum; and infinity - infinity is NaN.
//   binding 0  x  [outer, C, inner]  read
//           1  y  [outer, C, inner]  write
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { rows: u32, C: u32, inner: u32, x_offset: u32 }
alias S = f32;
alias V = f32;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<S>;
override IS_LOG: bool = false;

#slot vector

@compute @workgroup_size(LANES * ROWS)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_id) local: vec3u) {
  let first_row = workgroup_index(group, groups) * ROWS;
  if first_row >= p.rows { return; } // the whole workgroup, so the barriers below stay uniform
  let r = min(first_row + local.x / LANES, p.rows - 1); // lanes past the end repeat the last row and store the same
  let start = r / p.inner * p.C * p.inner + r % p.inner;
  let step = LANES * p.inner;
  let first = start + local.x % LANES * p.inner;
  let end = start + p.C * p.inner;

  var largest = V(x[p.x_offset + start]);
  for (var i = first; i < end; i += step) { largest = max(largest, V(x[p.x_offset + i])); }
  let m = max_over_row(largest_of(largest), local.x);

  var sum = V();
  for (var i = first; i < end; i += step) { sum += exp_of(V(x[p.x_offset + i]) - m); }
  let s = sum_over_row(sum_of(sum), local.x);

  if IS_LOG {
    let log_s = log_(s);
    for (var i = first; i < end; i += step) { y[i] = S((V(x[p.x_offset + i]) - m) - log_s); }
  } else {
    let scale = 1.0 / s;
    for (var i = first; i < end; i += step) { y[i] = S(exp_of(V(x[p.x_offset + i]) - m) * scale); }
  }
}
