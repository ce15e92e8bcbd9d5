// dx[n, ih, iw] = sum of dy[n, oh, ow] over the windows whose largest element was x[n, ih, iw]
//
// One lane per element of x looks through the windows that reach it, so nothing is added atomically and the order of
// the sum is fixed.
//   binding 0  dy     [N, OH, OW]  read
//           1  index  [N, OH, OW]  read
//           2  dx     [N, IH, IW]  write
#import shared/grid
#import shared/window
struct Params { N: u32, in_size: u32, out_size: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, dy_offset: u32, index_offset: u32 }
alias S = f32;
var<storage, read> dy: array<S>;
var<storage, read> index: array<i32>;
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
  let at = i % (IH * IW);
  let rows = windows_over(at / IW, high(p.kernel), high(p.stride), high(p.pad), high(p.dilation), OH);
  let columns = windows_over(at % IW, low(p.kernel), low(p.stride), low(p.pad), low(p.dilation), OW);
  var sum = 0.0;
  for (var oh = rows.x; oh < rows.y; oh++) {
    for (var ow = columns.x; ow < columns.y; ow++) {
      let o = (n * OH + oh) * OW + ow;
      if index[p.index_offset + o] == i32(at) { sum += f32(dy[p.dy_offset + o]); }
    }
  }
  dx[i] = S(sum);
}
