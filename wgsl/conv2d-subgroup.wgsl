// y[n, o, oh, ow] = sum over kh, kw, c of x[n, c, oh stride + kh dilation - pad, ow stride + kw dilation - pad] w[o, c, kh, kw]
//
// within each group of channels; x is 0 outside. Serves the gradient with respect to x too (there y = dx, x = dy, the kernel
// turned round, w [c, o, kh, kw]): x[(oh + kh dilation - pad) / spread, ...], where that is whole. Rows of y that lie `spread`
// apart, from one of the first on, meet the same kh: every `tap_steps`-th from the first that meets any. Those rows, and such
// columns of them, are a phase of y, and a workgroup takes one phase, so no lane multiplies by the zeros between elements.
//
// A workgroup is one subgroup. A lane computes four neighbouring ow of a phase for 16 output channels, c0 .. c15,
// and other lanes other ow, oh or n for the same channels. For each input channel and TAPS neighbouring kw the lanes load the weights together,
// 16 / LANES of them each, and pass them round with subgroupBroadcast, and each lane loads the elements of x that its ow need:
// loads are what software adapters pay for. The text of that is written by the launcher (conv2d-subgroup.ts).
// Pixels and channels past the edge repeat the last ones, and what is computed from them is not stored. Sums are in float32.
//
// Pairs of numbers share a parameter, 16 bits each, the one for the height in the high half; so do stride and dilation. The
// spread is 0 where the kernel is not turned.
//   binding 0     x  [N, groups IC, IH, IW]          read
//           1     w  [groups OC, IC, KH, KW]         read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, in_size: u32, out_size: u32, kernel: u32, pad: u32, steps: u32, spread: u32, tap_steps: u32, x_offset: u32, w_offset: u32 }
override LANES: u32 = 4;
override TAPS: u32 = 1; // KW where it is more
const CHANNELS = 16u;
alias X = f32;
alias W = f32;
alias T = f32; // of the sums
alias Y = f32; // of the epilogue
var<storage, read> x: array<X>;
var<storage, read> w: array<W>;

#slot epilogue

// The first k for which first + k dilation is a multiple of spread; K if there is none.
fn first_tap(first: i32, dilation: u32, spread: u32, K: u32) -> u32 {
  var k = 0u;
  while k < K && (first + i32(k * dilation)) % i32(spread) != 0 { k++; }
  return k;
}

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(subgroup_invocation_id) lane: u32) {
  let IH = p.in_size >> 16; let IW = p.in_size & 0xffff;
  let OH = p.out_size >> 16; let OW = p.out_size & 0xffff;
  let KH = p.kernel >> 16; let KW = p.kernel & 0xffff;
  let stride_h = p.steps >> 24; let stride_w = (p.steps >> 16) & 0xff;
  let dilation_h = (p.steps >> 8) & 0xff; let dilation_w = p.steps & 0xff;
  let spread_h = max(p.spread >> 16, 1); let spread_w = max(p.spread & 0xffff, 1);
  let tap_step_h = p.tap_steps >> 16; let tap_step_w = p.tap_steps & 0xffff;

  let rows = (OH + spread_h - 1) / spread_h; // of a phase
  let across = (OW + 4 * spread_w - 1) / (4 * spread_w);
  let tiles = p.N * rows * across;
  let subgroups = (tiles + LANES - 1) / LANES;
  let down = (p.OC + CHANNELS - 1) / CHANNELS;
  let i = workgroup_index(group, groups);
  let o = i / subgroups % down * CHANNELS;
  let phase = i / subgroups / down % (spread_h * spread_w);
  let g = i / subgroups / down / (spread_h * spread_w);
  if g >= p.groups { return; } // the same for the whole workgroup, so that all lanes take part in the broadcasts
  let own = i % subgroups * LANES + lane;
  let tile = min(own, tiles - 1);
  let column = tile % across * 4; // in the phase
  let row = tile / across % rows;
  let n = tile / across / rows;
  let oh = phase / spread_w + row * spread_h;
  let ow = phase % spread_w + column * spread_w;

  // The taps that a phase meets, and where they find x; above the input that wraps round, and is past its end as well.
  let above = i32(phase / spread_w) - (i32(p.pad) >> 16);
  let left = i32(phase % spread_w) - (i32(p.pad << 16) >> 16);
  let first_kh = first_tap(above, dilation_h, spread_h, KH);
  let first_kw = first_tap(left, dilation_w, spread_w, KW);
  let first_ih = row * stride_h + u32((above + i32(first_kh * dilation_h)) / i32(spread_h));
  let first_iw = column * stride_w + u32((left + i32(first_kw * dilation_w)) / i32(spread_w));
  let ih_step = tap_step_h * dilation_h / spread_h;
  let iw_step = tap_step_w * dilation_w / spread_w;

  let plane = IH * IW;
  let taps = KH * KW;
  let is_turned = p.spread != 0;
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
  var ih = first_ih;
  for (var kh = first_kh; kh < KH; kh += tap_step_h) {
    let x_row = x_first + select(0, ih, ih < IH) * IW;
    var iw = first_iw;
    for (var kw = first_kw; kw < KW; kw += TAPS * tap_step_w) {
      #slot places
      let tap = kh * KW + kw;
      var w_at = w_first + select(tap, taps - 1 - tap, is_turned);
      var x_at = x_row;
      for (var c = 0u; c < p.IC; c++) {
        #slot step
        w_at += w_c;
        x_at += plane;
      }
      iw += iw_step;
    }
    ih += ih_step;
  }

  if own >= tiles || oh >= OH || ow >= OW { return; }
  // The epilogue once, in loops that compilers cannot unroll: they do not know that sizes are below 2^31.
  let sums = array<vec4<T>, CHANNELS>(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15);
  let channels = min(CHANNELS + (p.OC >> 31), p.OC - o);
  let columns = min(4 + (p.OC >> 31), (OW - ow + spread_w - 1) / spread_w);
  let at = (((n * p.groups + g) * p.OC + o) * OH + oh) * OW + ow;
  for (var r = 0u; r < channels; r++) {
    for (var j = 0u; j < columns; j++) { epilogue(at + r * OH * OW + j * spread_w, Y(sums[r][j])); }
  }
}
