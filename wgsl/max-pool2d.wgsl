// y[n, oh, ow] = max over the window of x[n]; index[n, oh, ow] = where in the plane x[n] it was found, the first if several
//
// n runs over batch and channels. One lane per window. NaN counts as larger than all numbers, and
// the last NaN as the largest, as in PyTorch.
//   binding 0  x      [N, IH, IW]  read
//           1  y      [N, OH, OW]  write
//           2  index  [N, OH, OW]  write
#import shared/grid
#import shared/math
#import shared/window
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, kernel_h: u32, kernel_w: u32, stride_h: u32, stride_w: u32, pad_h: u32, pad_w: u32, dilation_h: u32, dilation_w: u32, x_offset: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<S>;
var<storage, read_write> index: array<i32>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let n = i / (p.OH * p.OW);
  if n >= p.N { return; }
  let window = window_at(i / p.OW % p.OH, i % p.OW);
  let plane = p.x_offset + n * p.IH * p.IW;

  var found = u32(window.top) * p.IW + u32(window.left);
  var best = x[plane + found];
  for (var h = window.top; h < window.bottom; h += i32(p.dilation_h)) {
    for (var v = window.left; v < window.right; v += i32(p.dilation_w)) {
      let at = u32(h) * p.IW + u32(v);
      let value = x[plane + at];
      if value > best || is_nan(f32(value)) {
        best = value;
        found = at;
      }
    }
  }
  y[i] = best;
  index[i] = i32(found);
}
