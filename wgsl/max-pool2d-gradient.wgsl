// dx[n, ih, iw] = sum of dy[n, oh, ow] over the windows whose largest element was x[n, ih, iw]
//
// One lane per element of x looks through the windows that reach it, so nothing is added atomically and the order of
// the sum is fixed.
//   binding 0     dy     [N, OH, OW]  read
//           1     index  [N, OH, OW]  read
//           2 ..  operands and results of the epilogue
#import shared/grid
#import shared/window
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, kernel_h: u32, kernel_w: u32, stride_h: u32, stride_w: u32, pad_h: u32, pad_w: u32, dilation_h: u32, dilation_w: u32, dy_offset: u32, index_offset: u32 }
alias S = f32;
alias T = f32;
var<storage, read> dy: array<S>;
var<storage, read> index: array<i32>;
override WORKGROUP_SIZE: u32 = 64;

#slot epilogue

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let n = i / (p.IH * p.IW);
  if n >= p.N { return; }
  let at = i % (p.IH * p.IW);
  let rows = windows_over(at / p.IW, p.kernel_h, p.stride_h, p.pad_h, p.dilation_h, p.OH);
  let columns = windows_over(at % p.IW, p.kernel_w, p.stride_w, p.pad_w, p.dilation_w, p.OW);
  var sum = 0.0;
  for (var oh = rows.x; oh < rows.y; oh++) {
    for (var ow = columns.x; ow < columns.y; ow++) {
      let o = (n * p.OH + oh) * p.OW + ow;
      if index[p.index_offset + o] == i32(at) { sum += f32(dy[p.dy_offset + o]); }
    }
  }
  epilogue(i, T(sum));
}
