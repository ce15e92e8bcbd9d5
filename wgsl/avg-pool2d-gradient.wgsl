// dx[n, ih, iw] = sum over the windows that contain it of dy[n, oh, ow] / divisor
//
// One lane per element of x.
//   binding 0  dy  [N, OH, OW]  read
//           1  dx  [N, IH, IW]  write
#import shared/grid
#import shared/window
#import shared/divisor
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, kernel_h: u32, kernel_w: u32, stride_h: u32, stride_w: u32, pad_h: u32, pad_w: u32, dilation_h: u32, dilation_w: u32, dy_offset: u32, counts_padding: u32, divisor: i32 }
alias S = f32;
var<storage, read> dy: array<S>;
var<storage, read_write> dx: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let n = i / (p.IH * p.IW);
  if n >= p.N { return; }
  let rows = windows_over(i / p.IW % p.IH, p.kernel_h, p.stride_h, p.pad_h, 1, p.OH);
  let columns = windows_over(i % p.IW, p.kernel_w, p.stride_w, p.pad_w, 1, p.OW);
  var sum = 0.0;
  for (var oh = rows.x; oh < rows.y; oh++) {
    for (var ow = columns.x; ow < columns.y; ow++) {
      sum += f32(dy[p.dy_offset + (n * p.OH + oh) * p.OW + ow]) / f32(divisor(oh, ow));
    }
  }
  dx[i] = S(sum);
}
