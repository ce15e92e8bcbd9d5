// y[n, oh, ow] = sum of x[n] over the window / divisor
//
// n runs over batch and channels. One lane per window. The divisor counts the window's elements, with or without those
// that lie in the padding.
//   binding 0  x  [N, IH, IW]  read
//           1  y  [N, OH, OW]  write
#import shared/grid
#import shared/window
#import shared/divisor
struct Params { N: u32, in_size: u32, out_size: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, x_offset: u32, counts_padding: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read_write> y: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let OH = high(p.out_size); let OW = low(p.out_size);
  let IH = high(p.in_size); let IW = low(p.in_size);
  let n = i / (OH * OW);
  if n >= p.N { return; }
  let oh = i / OW % OH;
  let ow = i % OW;
  let window = window_at(oh, ow);
  let plane = p.x_offset + n * IH * IW;
  var sum = 0.0;
  for (var h = window.top; h < window.bottom; h++) {
    for (var v = window.left; v < window.right; v++) { sum += f32(x[plane + u32(h) * IW + u32(v)]); }
  }
  y[i] = S(sum / divisor(oh, ow));
}
