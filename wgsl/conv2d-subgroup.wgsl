// y[n, o, oh, ow] = sum over kh, kw, c of x[n, c, oh stride + kh dilation - pad, ow stride + kw dilation - pad] w[o, c, kh, kw]
//
// within each group of channels; x is 0 outside. Serves the convolution and its gradient with respect to x (there y = dx,
// x = dy, the kernel turned round, w [c, o, kh, kw]).
//
// A workgroup is one subgroup. A lane computes four neighbouring ow for 16 output channels, c0 .. c15, and other lanes other
// ow, oh or n for the same channels. For each input channel and TAPS neighbouring kw the lanes load the weights together,
// 16 / LANES of them each, and pass them round with subgroupBroadcast, and each lane loads the elements of x that its ow need:
// loads are what software adapters pay for. The text of that is written by the launcher (conv2d-subgroup.ts).
// Pixels and channels past the edge repeat the last ones, and what is computed from them is not stored. Sums are in float32.
//
// Pairs of numbers share a parameter, 16 bits each, the one for the height in the high half; so do stride and dilation.
//   binding 0     x  [N, groups IC, IH, IW]          read
//           1     w  [groups OC, IC, KH, KW]         read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, in_size: u32, out_size: u32, kernel: u32, pad: u32, steps: u32, turned: u32, x_offset: u32, w_offset: u32 }
override LANES: u32 = 4;
override TAPS: u32 = 1;
const CHANNELS = 16u;
alias X = f32;
alias W = f32;
alias T = f32; // of the sums
alias Y = f32; // of the epilogue
var<storage, read> x: array<X>;
var<storage, read> w: array<W>;

#slot epilogue

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let IH = p.in_size >> 16; let IW = p.in_size & 0xffff;
  let OH = p.out_size >> 16; let OW = p.out_size & 0xffff;
  let KH = p.kernel >> 16; let KW = p.kernel & 0xffff;
  let pad_h = u32(i32(p.pad) >> 16); let pad_w = u32(i32(p.pad << 16) >> 16);
  let stride_h = p.steps >> 24; let stride_w = (p.steps >> 16) & 0xff;
  let dilation_h = (p.steps >> 8) & 0xff; let dilation_w = p.steps & 0xff;

  let across = (OW + 3) / 4;
  let tiles = p.N * OH * across;
  let subgroups = (tiles + LANES - 1) / LANES;
  let down = (p.OC + CHANNELS - 1) / CHANNELS;
  let i = workgroup_index(group, groups);
  let o = i / subgroups % down * CHANNELS;
  let g = i / subgroups / down;
  if g >= p.groups { return; } // the same for the whole workgroup, so that all lanes take part in the broadcasts
  let own = i % subgroups * LANES + lane;
  let tile = min(own, tiles - 1);
  let ow = tile % across * 4;
  let oh = tile / across % OH;
  let n = tile / across / OH;

  let plane = IH * IW;
  let taps = KH * KW;
  let is_turned = p.turned == 1;
  let w_o = select(p.IC, 1, is_turned) * taps;
  let w_c = select(1, p.OC, is_turned) * taps;
  let w_kw = select(1u, 0xffffffff, is_turned); // 1 or -1
  let w_first = p.w_offset + g * p.IC * p.OC * taps;
  let x_first = p.x_offset + (n * p.groups + g) * p.IC * plane;
  // Where a lane's weights begin: channel o + lane, the ones LANES further on, ...
  #slot channels

  var c0 = vec4<T>(); var c1 = vec4<T>(); var c2 = vec4<T>(); var c3 = vec4<T>();
  var c4 = vec4<T>(); var c5 = vec4<T>(); var c6 = vec4<T>(); var c7 = vec4<T>();
  var c8 = vec4<T>(); var c9 = vec4<T>(); var c10 = vec4<T>(); var c11 = vec4<T>();
  var c12 = vec4<T>(); var c13 = vec4<T>(); var c14 = vec4<T>(); var c15 = vec4<T>();
  for (var kh = 0u; kh < KH; kh++) {
    let ih = oh * stride_h + kh * dilation_h - pad_h; // above the input it wraps round, and is past its end as well
    let x_row = x_first + select(0, ih, ih < IH) * IW;
    for (var kw = 0u; kw < KW; kw += TAPS) {
      let iw = ow * stride_w + kw * dilation_w - pad_w;
      #slot places
      let tap = kh * KW + kw;
      var w_at = w_first + select(tap, taps - 1 - tap, is_turned);
      var x_at = x_row;
      for (var c = 0u; c < p.IC; c++) {
        #slot step
        w_at += w_c;
        x_at += plane;
      }
    }
  }

  if own >= tiles { return; }
  // The epilogue once, in loops that compilers cannot unroll: they do not know that sizes are below 2^31.
  let sums = array<vec4<T>, CHANNELS>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15);
  let channels = min(CHANNELS + (p.OC >> 31), p.OC - o);
  let columns = min(4 + (p.OC >> 31), OW - ow);
  let at = (((n * p.groups + g) * p.OC + o) * OH + oh) * OW + ow;
  for (var r = 0u; r < channels; r++) {
    for (var j = 0u; j < columns; j++) { epilogue(at + r * OH * OW + j, Y(sums[r][j])); }
  }
}
