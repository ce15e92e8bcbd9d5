// dw[s, o, c, kh, kw] = sum over the rows (n, oh) of segment s, and over ow, of
//                       dy[n, o, oh, ow] x[n, c, oh stride + kh dilation, ow stride + kw dilation]
//
// within each group of channels; x comes padded and dy with rows of a multiple of four, zeros at their ends (pad2d.wgsl).
// One lane takes one segment, four output channels, one input channel, one kh and KW_TILE neighbouring kw. `taps`, written
// by the launcher, reads four ow of each row as vectors and adds their products to the sums. The segments are added up
// afterwards, in a fixed order.
//   binding 0  x   [N, groups IC, IH, IW / 4]              read
//           1  dy  [N, groups OC, OH, OW / 4]              read
//           2  dw  [segments, groups OC, IC, KH, KW]       write
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, IH: u32, IW: u32, OH: u32, OW: u32, KH: u32, KW: u32, row_step: u32, row_stride: u32, segments: u32, segment: u32 }
var<storage, read> x: array<vec4<f32>>;
var<storage, read> dy: array<vec4<f32>>;
var<storage, read_write> dw: array<f32>;
override WORKGROUP_SIZE: u32 = 64;
override STRIDE: u32 = 1;
const KW_TILE = 4u;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let tiles = (p.OC + 3) / 4;
  let across = (p.KW + KW_TILE - 1) / KW_TILE;
  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let kw = i % across * KW_TILE; i /= across;
  let kh = i % p.KH; i /= p.KH;
  let c = i % p.IC; i /= p.IC;
  let o = i % tiles * 4; i /= tiles;
  let g = i % p.groups;
  let s = i / p.groups;
  if s >= p.segments { return; }

  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f(); // one per output channel, over kw
  let last = p.OC - 1 - o;
  let plane = p.OH * p.OW / 4;
  let end = min((s + 1) * p.segment, p.N * p.OH);
  for (var r = s * p.segment; r < end; r++) {
    let n = r / p.OH;
    let oh = r % p.OH;
    let x_row = (((n * p.groups + g) * p.IC + c) * p.IH + oh * p.row_stride + kh * p.row_step) * p.IW / 4;
    let dy_row = (((n * p.groups + g) * p.OC + o) * p.OH + oh) * p.OW / 4;
    for (var t = 0u; t < p.OW / 4; t++) {
      let d0 = dy[dy_row + t];
      let d1 = dy[dy_row + t + min(1u, last) * plane];
      let d2 = dy[dy_row + t + min(2u, last) * plane];
      let d3 = dy[dy_row + t + min(3u, last) * plane];
      #slot taps
    }
  }

  let sums = array<vec4f, 4>(s0, s1, s2, s3);
  for (var t = 0u; t <= min(last, 3u); t++) {
    for (var j = 0u; j < KW_TILE && kw + j < p.KW; j++) {
      dw[((((s * p.groups + g) * p.OC + o + t) * p.IC + c) * p.KH + kh) * p.KW + kw + j] = sums[t][j];
    }
  }
}
