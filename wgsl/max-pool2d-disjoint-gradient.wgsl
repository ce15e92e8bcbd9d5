// dx[n, ih, iw] = dy[n, oh, ow] if x[n, ih, iw] was the largest element of window (oh, ow), else 0
//
// For windows that do not overlap and start at the corner (stride >= kernel, no padding or dilation): at most one window
// holds an element. One lane per element of x.
//   binding 0     dy     [N, OH, OW]  read
//           1     index  [N, OH, OW]  read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, stride_h: u32, stride_w: u32, dy_offset: u32, index_offset: u32 }
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
  let oh = min(at / p.IW / p.stride_h, p.OH - 1); // no index of the last window names an element past it
  let ow = min(at % p.IW / p.stride_w, p.OW - 1);
  let o = (n * p.OH + oh) * p.OW + ow;
  epilogue(i, select(T(0), T(dy[p.dy_offset + o]), u32(index[p.index_offset + o]) == at));
}
