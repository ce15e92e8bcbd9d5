// dx[n, ih, iw] = dy[n, oh, ow] where x[n, ih, iw] was the largest element of window (oh, ow), else 0
//
// For windows that do not overlap and start at the corner (stride >= kernel, no padding or dilation): one lane per window
// writes the whole of it, and what lies between it and the next ones.
//   binding 0  dy     [N, OH, OW]  read
//           1  index  [N, OH, OW]  read
//           2  dx     [N, IH, IW]  write
#import shared/grid
struct Params { N: u32, IH: u32, IW: u32, OH: u32, OW: u32, stride_h: u32, stride_w: u32, dy_offset: u32, index_offset: u32 }
alias S = f32;
var<storage, read> dy: array<S>;
var<storage, read> index: array<i32>;
var<storage, read_write> dx: array<S>;
override WORKGROUP_SIZE: u32 = 64;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let o = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let ow = o % p.OW;
  let oh = o / p.OW % p.OH;
  let n = o / p.OW / p.OH;
  if n >= p.N { return; }
  let bottom = select((oh + 1) * p.stride_h, p.IH, oh + 1 == p.OH);
  let right = select((ow + 1) * p.stride_w, p.IW, ow + 1 == p.OW);
  let found = u32(index[p.index_offset + o]);
  let gradient = dy[p.dy_offset + o];
  for (var ih = oh * p.stride_h; ih < bottom; ih++) {
    for (var iw = ow * p.stride_w; iw < right; iw++) {
      let at = ih * p.IW + iw;
      dx[n * p.IH * p.IW + at] = select(S(0), gradient, at == found);
    }
  }
}
