// From y and dy, the derivative with respect to x of
//   y = softmax(x)      dx[r, c] = y[r, c] (dy[r, c] - s[r])             s[r] = sum_c y[r, c] dy[r, c]
//   y = logSoftmax(x)   dx[r, c] = dy[r, c] - exp(y[r, c]) s[r]          s[r] = sum_c dy[r, c]
//
// Rows and lanes as in softmax.wgsl.
//   binding 0  y   [outer, C, inner]  read
//           1  dy  [outer, C, inner]  read
//           2  dx  [outer, C, inner]  write
#import shared/grid
#import shared/math
#import shared/row-lanes
struct Params { rows: u32, C: u32, inner: u32, y_offset: u32, dy_offset: u32 }
alias S = f32;
alias V = f32;
alias Y = f32;
var<storage, read> y: array<S>;
var<storage, read> dy: array<S>;
var<storage, read_write> dx: array<Y>;
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

  var sum = V();
  for (var i = first; i < end; i += step) {
    var part = V(dy[p.dy_offset + i]);
    if !IS_LOG { part *= V(y[p.y_offset + i]); }
    sum += kept(part, V(), i, start);
  }
  let s = sum_over_row(sum_of(sum), local.x);
  for (var i = first; i < end; i += step) {
    let g = V(dy[p.dy_offset + i]);
    let value = V(y[p.y_offset + i]);
    if IS_LOG { put(i, g - exp_of(value) * s, start); } else { put(i, value * (g - s), start); }
  }
}
