// y[n, oh, ow] = sum of x[n] over the window / divisor
//
// n runs over batch and channels. One lane per window. The divisor counts the window's elements, with or without those
// that lie in the padding.
//   binding 0  x  [N, IH, IW]  read
//           1  y  [N, OH, OW]  write
#import shared/grid
#import shared/window
#import shared/divisor
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, kernel_h: u32, kernel_w: u32, stride_h: u32, stride_w: u32, pad_h: u32, pad_w: u32, dilation_h: u32, dilation_w: u32, x_offset: u32, counts_padding: u32, divisor: i32 }
alias S = f32;
alias T = f32; // of the sum; int32 divides towards zero
var<storage, read> x: array<S>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let n = i / (p.OH * p.OW);
  if n >= p.N { return; }
  let oh = i / p.OW % p.OH;
  let ow = i % p.OW;
  let window = window_at(oh, ow);
  let plane = p.x_offset + n * p.IH * p.IW;
  var sum = T(0);
  for (var h = window.top; h < window.bottom; h++) {
    for (var v = window.left; v < window.right; v++) { sum += T(x[plane + u32(h) * p.IW + u32(v)]); }
  }
  y[i] = S(sum / T(divisor(oh, ow)));
}
