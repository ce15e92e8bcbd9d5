// dw[s, o, c, kh, kw] = sum over the rows (n, oh) of segment s, and over ow, of
//                       dy[n, o, oh, ow] x[n, c, oh stride_h + kh dilation_h - pad_h, ow stride_w + kw dilation_w - pad_w]
//
// within each group of channels; x is 0 outside its planes. A lane takes one segment, CHANNELS output channels, one input
// channel, one kh and KW_TILE neighbouring kw, with their sums in registers; with
// subgroups, the lanes of a workgroup take the same segment and output channels. `taps`, written by the
// launcher, multiplies four ow at a time: each element of x is read once for all kw, each of dy for all output channels,
// by one lane of a subgroup for all its lanes where there are subgroups. The segments are added up afterwards, in a fixed
// order. Sums are in float32.
//   binding 0     x   [N, groups IC, IH, IW]   read
//           1     dy  [N, groups OC, OH, OW]   read
//           2 ..  operands and results of the epilogue, which takes dw [segments, groups OC, IC, KH, KW]
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, IH: u32, IW: u32, OH: u32, OW: u32, x_offset: u32, dy_offset: u32, segments: u32, segment: u32 }
alias X = f32;
alias DY = f32;
alias T = f32;
alias Sums = vec3<f32>; // over the kw of a lane
var<storage, read> x: array<X>;
var<storage, read> dy: array<DY>;
override WORKGROUP_SIZE: u32 = 64;
override CHANNELS: u32 = 4;
override KH: u32 = 3;
override KW: u32 = 3;
override KW_TILE: u32 = 3;
override STRIDE_H: u32 = 1;
override STRIDE_W: u32 = 1;
override DILATION_H: u32 = 1;
override DILATION_W: u32 = 1;
override PAD_H: i32 = 0;
override PAD_W: i32 = 0;

#slot epilogue

fn x_at(row: u32, is_inside: bool, iw: i32) -> f32 {
  return select(0.0, f32(x[row + min(u32(iw), p.IW - 1)]), is_inside && u32(iw) < p.IW);
}

#slot dy
#slot tap

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32,
        #slot subgroup
        ) {
  let tiles = (p.OC + CHANNELS - 1) / CHANNELS;
  let across = (KW + KW_TILE - 1) / KW_TILE;
  let columns = p.IC * KH * across;
  #slot place
  let o = i % tiles * CHANNELS; i /= tiles;
  let g = i % p.groups;
  let s = i / p.groups;
  if s >= p.segments { return; } // where lanes pass each other elements, the same for the whole workgroup
  let kw = column % across * KW_TILE;
  let kh = column / across % KH;
  let c = min(column / across / KH, p.IC - 1);

  #slot sums
  let last = p.OC - 1 - o;
  let end = min((s + 1) * p.segment, p.N * p.OH);
  for (var r = s * p.segment; r < end; r++) {
    let n = r / p.OH;
    let oh = r % p.OH;
    let ih = i32(oh * STRIDE_H + kh * DILATION_H) - PAD_H;
    let has_row = u32(ih) < p.IH;
    let row = p.x_offset + (((n * p.groups + g) * p.IC + c) * p.IH + min(u32(ih), p.IH - 1)) * p.IW;
    let dy_row = p.dy_offset + (((n * p.groups + g) * p.OC + o) * p.OH + oh) * p.OW;
    for (var ow = 0u; ow < p.OW; ow += 4) {
      let iw = i32(ow * STRIDE_W + kw * DILATION_W) - PAD_W;
      #slot taps
    }
  }

  if column >= columns { return; }
  // The epilogue once, in loops that compilers do not unroll (see matmul.wgsl). The sums move up, one each time.
  let channels = min(CHANNELS + (p.OC >> 31), p.OC - o);
  let taps = min(KW_TILE + (p.OC >> 31), KW - kw);
  for (var t = 0u; t < channels; t++) {
    var sums = s0;
    for (var j = 0u; j < taps; j++) {
      epilogue(((((s * p.groups + g) * p.OC + o + t) * p.IC + c) * KH + kh) * KW + kw + j, T(tap(sums)));
      sums = next(sums);
    }
    #slot next_channel
  }
}
