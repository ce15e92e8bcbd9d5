// dw[s, o, c, kh, kw] = sum over the rows (n, oh) of segment s, and over ow, of dy[n, o, oh, ow] x[n, c, ih, iw]
//   ih = oh stride - pad + kh dilation, iw = ow stride - pad + kw dilation, x being 0 outside
//
// One lane takes one segment, four output channels, one input channel, one kh and four neighbouring kw: 16 sums in
// registers. The segments are added up afterwards, in a fixed order.
//   binding 0  x   [N, groups IC, IH, IW]                  read
//           1  dy  [N, groups OC, OH, OW]                  read
//           2  dw  [segments, groups OC, IC, KH, KW]       write
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, in_size: u32, out_size: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, segments: u32, segment: u32, x_offset: u32, dy_offset: u32 }
alias S = f32;
var<storage, read> x: array<S>;
var<storage, read> dy: array<S>;
var<storage, read_write> dw: array<f32>;
override WORKGROUP_SIZE: u32 = 64;

// Heights are in the upper 16 bits, widths in the lower; padding is stored 2^15 higher.
fn high(v: u32) -> u32 { return v >> 16; }
fn low(v: u32) -> u32 { return v & 0xffffu; }

fn pixel(row: u32, at: i32, width: u32) -> f32 {
  return select(0.0, f32(x[row + u32(clamp(at, 0, i32(width) - 1))]), at >= 0 && at < i32(width));
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let IH = high(p.in_size); let IW = low(p.in_size);
  let OH = high(p.out_size); let OW = low(p.out_size);
  let KH = high(p.kernel); let KW = low(p.kernel);
  let tiles = (p.OC + 3) / 4;
  let across = (KW + 3) / 4;

  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let kw = i % across * 4; i /= across;
  let kh = i % KH; i /= KH;
  let c = i % p.IC; i /= p.IC;
  let o = i % tiles * 4; i /= tiles;
  let g = i % p.groups;
  let s = i / p.groups;
  if s >= p.segments { return; }

  var s0 = vec4f(); var s1 = vec4f(); var s2 = vec4f(); var s3 = vec4f(); // one per output channel, over kw
  let step = i32(low(p.dilation));
  let last = p.OC - 1 - o;
  let end = min((s + 1) * p.segment, p.N * OH);
  for (var r = s * p.segment; r < end; r++) {
    let n = r / OH;
    let oh = r % OH;
    let ih = i32(oh * high(p.stride) + kh * high(p.dilation)) - (i32(high(p.pad)) - 32768);
    if ih < 0 || ih >= i32(IH) { continue; }
    let x_row = p.x_offset + (((n * p.groups + g) * p.IC + c) * IH + u32(ih)) * IW;
    let dy_row = p.dy_offset + (((n * p.groups + g) * p.OC + o) * OH + oh) * OW;
    for (var ow = 0u; ow < OW; ow++) {
      let iw = i32(ow * low(p.stride) + kw * low(p.dilation)) - (i32(low(p.pad)) - 32768);
      let xs = vec4f(pixel(x_row, iw, IW), pixel(x_row, iw + step, IW), pixel(x_row, iw + 2 * step, IW), pixel(x_row, iw + 3 * step, IW));
      let d = dy_row + ow;
      s0 += f32(dy[d]) * xs;
      s1 += f32(dy[d + min(1u, last) * OH * OW]) * xs;
      s2 += f32(dy[d + min(2u, last) * OH * OW]) * xs;
      s3 += f32(dy[d + min(3u, last) * OH * OW]) * xs;
    }
  }

  let sums = array<vec4f, 4>(s0, s1, s2, s3);
  for (var t = 0u; t <= min(last, 3u); t++) {
    for (var j = 0u; j < 4u && kw + j < KW; j++) {
      dw[((((s * p.groups + g) * p.OC + o + t) * p.IC + c) * KH + kh) * KW + kw + j] = sums[t][j];
    }
  }
}
