// y[n, o, oh, ow] = sum over c, kh, kw of x[n, c, ih, iw] w[c, kh, kw, o]   within each group of channels
//   ih = (oh stride - pad + kh dilation) / spread, where that is a whole number inside x; likewise iw
//
// Serves the convolution (spread = 1) and its gradient with respect to x (y = dx, x = dy, spread = the convolution's
// stride, the kernel turned round). One lane computes four neighbouring ow for two vectors W of output channels; the
// weights are packed with the output channel innermost, so that one read serves all four pixels.
//   binding 0     x  [N, groups IC, IH, IW]                   read
//           1     w  [groups, IC, KH, KW, OC / lanes of W]    read
//           2 ..  operands and results of the epilogue
#import shared/grid
struct Params { N: u32, groups: u32, IC: u32, OC: u32, in_size: u32, out_size: u32, kernel: u32, stride: u32, pad: u32, dilation: u32, spread: u32, x_offset: u32 }
alias S = f32;
alias W = vec4<f32>;
var<storage, read> x: array<S>;
var<storage, read> w: array<W>;
override WORKGROUP_SIZE: u32 = 64;
override LANES_OF_W: u32 = 4;
override IS_SPREAD: bool = false;
override IS_TURNED: bool = false;

#slot epilogue
#slot component

// Heights are in the upper 16 bits, widths in the lower: parameters have to fit in 64 bytes. Padding, which a gradient
// can make negative, is stored 2^15 higher.
fn high(v: u32) -> u32 { return v >> 16; }
fn low(v: u32) -> u32 { return v & 0xffffu; }

fn pixel(row: u32, position: i32, width: u32) -> f32 {
  var at = position;
  if IS_SPREAD {
    let spread = i32(low(p.spread));
    if at % spread != 0 { return 0.0; }
    at /= spread;
  }
  return select(0.0, f32(x[row + u32(clamp(at, 0, i32(width) - 1))]), at >= 0 && at < i32(width));
}

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let IH = high(p.in_size); let IW = low(p.in_size);
  let OH = high(p.out_size); let OW = low(p.out_size);
  let KH = high(p.kernel); let KW = low(p.kernel);
  let across = (OW + 3) / 4;
  let vectors = (p.OC + LANES_OF_W - 1) / LANES_OF_W; // of output channels, per group; packed to an even number
  let pairs = (vectors + 1) / 2;

  var i = workgroup_index(group, groups) * WORKGROUP_SIZE + lane;
  let ow = i % across * 4; i /= across;
  let oh = i % OH; i /= OH;
  let pair = i % pairs; i /= pairs;
  let g = i % p.groups;
  let n = i / p.groups;
  if n >= p.N { return; }

  var a0 = W(); var a1 = W(); var a2 = W(); var a3 = W();
  var b0 = W(); var b1 = W(); var b2 = W(); var b3 = W();
  let left = i32(ow * low(p.stride)) - (i32(low(p.pad)) - 32768);
  let step = i32(low(p.stride));
  for (var c = 0u; c < p.IC; c++) {
    let plane = p.x_offset + ((n * p.groups + g) * p.IC + c) * IH * IW;
    for (var kh = 0u; kh < KH; kh++) {
      var ih = i32(oh * high(p.stride) + kh * high(p.dilation)) - (i32(high(p.pad)) - 32768);
      if IS_SPREAD {
        let spread = i32(high(p.spread));
        if ih % spread != 0 { continue; }
        ih /= spread;
      }
      if ih < 0 || ih >= i32(IH) { continue; }
      let row = plane + u32(ih) * IW;
      for (var kw = 0u; kw < KW; kw++) {
        let tap = select(kh * KW + kw, (KH - 1 - kh) * KW + KW - 1 - kw, IS_TURNED);
        let at = (((g * p.IC + c) * KH * KW + tap) * pairs + pair) * 2;
        let w0 = w[at];
        let w1 = w[at + 1];
        let iw = left + i32(kw * low(p.dilation));
        let x0 = pixel(row, iw, IW);
        let x1 = pixel(row, iw + step, IW);
        let x2 = pixel(row, iw + 2 * step, IW);
        let x3 = pixel(row, iw + 3 * step, IW);
        a0 += x0 * w0; a1 += x1 * w0; a2 += x2 * w0; a3 += x3 * w0;
        b0 += x0 * w1; b1 += x1 * w1; b2 += x2 * w1; b3 += x3 * w1;
      }
    }
  }

  let as_ = array<W, 4>(a0, a1, a2, a3);
  let bs = array<W, 4>(b0, b1, b2, b3);
  for (var j = 0u; j < 4u; j++) {
    if ow + j >= OW { break; }
    for (var l = 0u; l < 2u * LANES_OF_W; l++) {
      let o = pair * 2 * LANES_OF_W + l;
      if o >= p.OC { break; }
      let value = select(component(bs[j], l - LANES_OF_W), component(as_[j], l), l < LANES_OF_W);
      epilogue((((n * p.groups + g) * p.OC + o) * OH + oh) * OW + ow + j, value);
    }
  }
}
