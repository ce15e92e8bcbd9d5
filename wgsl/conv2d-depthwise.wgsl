// y[n, c, oh, ow] = sum over kh, kw of x[n, c, oh stride - top + kh dilation, ow stride - left + kw dilation] w[c, kh, kw]
//
// Convolution channel by channel, and its gradient with respect to x where the stride is 1 (the kernel turned round). One
// lane computes four neighbouring ow. `taps`, written by the launcher for the kernel's width, stride and dilation, reads the
// elements of one row of x that the four need, each once, and adds their products to `sums`.
//   binding 0     x  [N, C, IH, IW]   read
//           1     w  [C, KH, KW]      read
//           2 ..  operands and results of the epilogue
#import shared/grid
#import shared/padded-row
struct Params { N: u32, C: u32, IH: u32, IW: u32, OH: u32, OW: u32, KH: u32, KW: u32, stride_h: u32, dilation_h: u32, top: i32, left: i32, x_offset: u32, w_offset: u32 }
alias S = f32;
alias T = f32;
alias Y = f32;
var<storage, read> x: array<S>;
var<storage, read> w: array<S>;
override WORKGROUP_SIZE: u32 = 64;
override STRIDE: u32 = 1;
override IS_TURNED: bool = false;

#slot epilogue

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let across = (p.OW + 3) / 4;
  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let tile = i % across; i /= across;
  let oh = i % p.OH; i /= p.OH; // i: which plane
  if i >= p.N * p.C { return; }
  let c = i % p.C;
  let left = i32(tile * 4 * STRIDE) - p.left;

  var sums = vec4<T>();
  for (var kh = 0u; kh < p.KH; kh++) {
    let ih = i32(oh * p.stride_h + kh * p.dilation_h) - p.top;
    if ih < 0 || ih >= i32(p.IH) { continue; }
    let row = p.x_offset + (i * p.IH + u32(ih)) * p.IW;
    let first = p.w_offset + (c * p.KH + select(kh, p.KH - 1 - kh, IS_TURNED)) * p.KW;
    #slot taps
  }

  let at = (i * p.OH + oh) * p.OW + tile * 4;
  let columns = min(4 + (p.OW >> 31), p.OW - tile * 4); // a loop that compilers do not unroll (see matmul.wgsl)
  for (var j = 0u; j < columns; j++) { epilogue(at + j, Y(sums[j])); }
}
