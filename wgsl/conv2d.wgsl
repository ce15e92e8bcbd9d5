// y[n, o, oh, ow] = sum over c, kh, kw of x[n, c, oh stride + kh dilation, ow stride + kw dilation] w[c, kh, kw, o]
//
// within each group of channels; x comes padded (pad2d.wgsl), its rows a multiple of four long. Serves the convolution
// and its gradient with respect to x (there y = dx, x = dy, the kernel turned round), of which it computes a phase at a time
// (conv2d-phases.ts): OH x OW elements of y from `first` on, row_step and column_step apart. One lane computes four
// neighbouring ow for eight output channels (two, where W is a scalar): 32 sums in registers, of T (float16 is summed in
// float32). `taps`, written by the launcher for the kernel's width, stride and dilation, reads one row of x as vectors and
// uses each element for every kw that needs it.
//   binding 0     x  [N, groups IC, IH, IW / 4]               read
//           1     w  [groups, IC, KH, KW, OC / lanes of W]    read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, IH: u32, IW: u32, OH: u32, OW: u32, KH: u32, KW: u32, dilation_h: u32, stride_h: u32, plane: u32, first: u32, row_step: u32, column_step: u32 }
alias X = vec4<f32>;
alias W = vec4<f32>;
alias T = f32;
alias Sums = vec4<f32>;
var<storage, read> x: array<X>;
var<storage, read> w: array<W>;
override WORKGROUP_SIZE: u32 = 64;
override LANES_OF_W: u32 = 4;
override STRIDE: u32 = 1;
override IS_TURNED: bool = false;

#slot epilogue
#slot channel

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let across = (p.OW + 3) / 4;
  let pairs = (p.OC + 2 * LANES_OF_W - 1) / (2 * LANES_OF_W); // of vectors of output channels, per group
  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let tile = i % across; i /= across;
  let oh = i % p.OH; i /= p.OH;
  let pair = i % pairs; i /= pairs;
  let g = i % p.groups;
  let n = i / p.groups;
  if n >= p.N { return; }

  var a0 = Sums(); var a1 = Sums(); var a2 = Sums(); var a3 = Sums();
  var b0 = Sums(); var b1 = Sums(); var b2 = Sums(); var b3 = Sums();
  for (var c = 0u; c < p.IC; c++) {
    for (var kh = 0u; kh < p.KH; kh++) {
      let row = (((n * p.groups + g) * p.IC + c) * p.IH + oh * p.stride_h + kh * p.dilation_h) * p.IW / 4 + tile * STRIDE;
      let turned_kh = select(kh, p.KH - 1 - kh, IS_TURNED);
      let first = ((((g * p.IC + c) * p.KH + turned_kh) * p.KW) * pairs + pair) * 2;
      #slot taps
    }
  }

  let o = pair * 2 * LANES_OF_W;
  let ow = tile * 4;
  let at = ((n * p.groups + g) * p.OC + o) * p.plane + p.first + oh * p.row_step + ow * p.column_step;
  // The epilogue once, in loops that compilers do not unroll (see matmul.wgsl).
  let columns = min(4 + (p.OW >> 31), p.OW - ow);
  let channels = min(2 * LANES_OF_W + (p.OC >> 31), p.OC - o);
  for (var j = 0u; j < columns; j++) {
    var a = a0;
    var b = b0;
    switch j {
      case 1: { a = a1; b = b1; }
      case 2: { a = a2; b = b2; }
      case 3: { a = a3; b = b3; }
      default: {}
    }
    for (var l = 0u; l < channels; l++) { epilogue(at + j * p.column_step + l * p.plane, channel(a, b, l)); }
  }
}
