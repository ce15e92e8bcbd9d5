// dx[n, ih, iw] = sum over the windows that contain it of dy[n, oh, ow] / divisor
//
// One lane per element of x.
//   binding 0  dy  [N, OH, OW]  read
//           1  dx  [N, IH, IW]  write
#import shared/grid
#import shared/window
#import shared/divisor
struct Params { N: u32, in_size: u32, out_size: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, dy_offset: u32, counts_padding: u32 }
alias S = f32;
var<storage, read> dy: array<S>;
var<storage, read_write> dx: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let OH = high(p.out_size); let OW = low(p.out_size);
  let IH = high(p.in_size); let IW = low(p.in_size);
  let n = i / (IH * IW);
  if n >= p.N { return; }
  let rows = windows_over(i / IW % IH, high(p.kernel), high(p.stride), high(p.pad), 1, OH);
  let columns = windows_over(i % IW, low(p.kernel), low(p.stride), low(p.pad), 1, OW);
  var sum = 0.0;
  for (var oh = rows.x; oh < rows.y; oh++) {
    for (var ow = columns.x; ow < columns.y; ow++) {
      sum += f32(dy[p.dy_offset + (n * OH + oh) * OW + ow]) / divisor(oh, ow);
    }
  }
  dx[i] = S(sum);
}
