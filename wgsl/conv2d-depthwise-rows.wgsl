// y[n, c, oh, ow] = sum over kh, kw of x[n, c, oh - top + kh, ow stride - left + kw dilation] w[c, kh, kw]
//
// As conv2d-depthwise.wgsl, for small kernels whose rows are neither strided nor dilated. One lane computes four
// neighbouring ow of ROWS rows. It walks down the rows of x, reads the elements that the four need, each once, and adds
// their products to the sums of all KH rows of y that the row of x belongs to: s0 of the oldest, s1 of the next, ...; when
// a row of y is complete, the sums move up by one.
//   binding 0     x  [N, C, IH, IW]   read
//           1     w  [C, KH, KW]      read
//           2 ..  operands and results of the epilogue
#import shared/grid
#import shared/padded-row
struct Params { N: u32, C: u32, IH: u32, IW: u32, OH: u32, OW: u32, KH: u32, KW: u32, top: i32, left: i32, x_offset: u32, w_offset: u32 }
alias S = f32;
alias T = f32;
alias Y = f32;
var<storage, read> x: array<S>;
var<storage, read> w: array<S>;
override WORKGROUP_SIZE: u32 = 64;
override ROWS: u32 = 8;
override STRIDE: u32 = 1;

#slot epilogue

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let across = (p.OW + 3) / 4;
  let down = (p.OH + ROWS - 1) / ROWS;
  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let tile = i % across; i /= across;
  let first_row = i % down * ROWS; i /= down; // i: which plane
  if i >= p.N * p.C { return; }
  let left = i32(tile * 4 * STRIDE) - p.left;
  let first = p.w_offset + i % p.C * p.KH * p.KW;
  let columns = min(4 + (p.OW >> 31), p.OW - tile * 4); // for a loop that compilers do not unroll (see matmul.wgsl)
  let rows = min(ROWS, p.OH - first_row) + p.KH - 1;

  #slot weights
  #slot sums
  for (var r = 0u; r < rows; r++) {
    let ih = i32(first_row + r) - p.top;
    if ih >= 0 && ih < i32(p.IH) {
      let row = p.x_offset + (i * p.IH + u32(ih)) * p.IW;
      #slot taps
    }
    if r >= p.KH - 1 {
      let at = (i * p.OH + first_row + r - (p.KH - 1)) * p.OW + tile * 4;
      for (var j = 0u; j < columns; j++) { epilogue(at + j, Y(s0[j])); }
    }
    #slot shift
  }
}
