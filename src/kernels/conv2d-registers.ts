// The convolution kernel that every adapter can run (wgsl/conv2d.wgsl). It reads a padded copy of the input, and the weight
// with the output channels innermost.

import { dtypes } from "../core/dtype.js";
import { permute } from "../core/layout.js";
import { NDArray } from "./array.js";
import type { Convolution, Pair } from "./conv2d.js";
import { channelOf, forwardTaps, paddedWidth } from "./conv2d-taps.js";
import { padTo, summedIn } from "./pad2d.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource } from "./source.js";
import conv2dWgsl from "./wgsl/conv2d.js";

const LANES = 64; // WORKGROUP_SIZE of the kernel

/** Call it in a frame: it makes arrays on the way. */
export function launchRegisters(convolution: Convolution, epilogue: Fusion): void {
  const { x, walk, groups, IC, OC, kernelSize, outSize } = convolution;
  const { dtype, device } = x;
  const [N] = x.shape as [number];
  const [KH, KW] = kernelSize;
  const [OH, OW] = outSize;
  const lanesOfW = OC >= 3 ? 4 : 1;
  const pairs = Math.ceil(OC / (2 * lanesOfW));
  const padded = padded2d(convolution);
  const packed = pack(convolution, pairs * 2 * lanesOfW);
  const [stride, dilation] = [walk.stride[1], walk.dilation[1]];
  const variant = `${dtype} ${lanesOfW} ${KW} ${stride} ${dilation} ${walk.isTurned} ${epilogue.key}`;
  const kernel = device.kernel(`conv2d ${variant}`, () => {
    const { value, stored } = dtypes[dtype];
    const sum = dtypes[summedIn(dtype)].stored;
    return kernelSource(conv2dWgsl, {
      variant,
      types: {
        X: `vec4<${stored}>`,
        W: lanesOfW === 4 ? `vec4<${stored}>` : stored,
        T: sum,
        Sums: lanesOfW === 4 ? `vec4<${sum}>` : sum,
      },
      constants: { LANES_OF_W: lanesOfW, STRIDE: stride, IS_TURNED: Number(walk.isTurned) },
      slots: {
        channel: channelOf(lanesOfW, value),
        taps: forwardTaps(KW, stride, dilation, walk.isTurned),
        epilogue: epilogue.epilogue(value),
      },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const [, , IH, IW] = padded.shape as [number, number, number, number];
  const params = [N, groups, IC, OC, IH, IW, OH, OW, KH, KW, walk.dilation[0], walk.stride[0]];
  const lanes = N * groups * pairs * OH * Math.ceil(OW / 4);
  const blocks = [padded.block, packed.block, ...epilogue.blocks];
  device.launch(kernel, [...params, ...epilogue.values], blocks, Math.ceil(lanes / LANES));
}

/** The part of the padded and spread input that is read, with rows as the kernel needs them. */
function padded2d({ x, walk, kernelSize, outSize }: Convolution): NDArray {
  const { stride, dilation, pad, spread } = walk;
  const height = (outSize[0] - 1) * stride[0] + (kernelSize[0] - 1) * dilation[0] + 1;
  const size: Pair = [height, paddedWidth(outSize[1], kernelSize[1], stride[1], dilation[1])];
  return padTo(x, size, pad, spread);
}

/** The weight as [groups, IC, KH, KW, width]. Lanes past OC keep whatever the memory held; their results are dropped. */
function pack({ w, walk, groups, IC, OC, kernelSize }: Convolution, width: number): NDArray {
  const channels = walk.isTurned ? [IC, OC] : [OC, IC];
  const order = walk.isTurned ? [0, 1, 3, 4, 2] : [0, 2, 3, 4, 1];
  const byGroup = w.reshape([groups, ...channels, ...kernelSize]).view((layout) => permute(layout, order));
  const packed = NDArray.empty(w.dtype, [groups, IC, ...kernelSize, width], w.device);
  byGroup.computeInto(packed.view((layout) => ({ ...layout, shape: byGroup.shape })).realize());
  return packed;
}
