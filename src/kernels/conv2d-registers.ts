// The convolution kernel that every adapter can run (wgsl/conv2d.wgsl). It reads a padded copy of the input, and the weight
// with the output channels innermost.

import { dtypes } from "../core/dtype.js";
import { type Layout, permute, slice } from "../core/layout.js";
import { NDArray } from "./array.js";
import type { Convolution, Pair } from "./conv2d.js";
import { type Phase, phasesOf } from "./conv2d-phases.js";
import { channelOf, forwardTaps, paddedWidth } from "./conv2d-taps.js";
import { padTo, summedIn } from "./pad2d.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource } from "./source.js";
import conv2dWgsl from "./wgsl/conv2d.js";

const LANES = 64; // WORKGROUP_SIZE of the kernel

/** Call it in a frame: it makes arrays on the way. */
export function launchRegisters(convolution: Convolution, epilogue: Fusion): void {
  for (const phase of phasesOf(convolution)) launchPhase(convolution, phase, epilogue);
}

function launchPhase(convolution: Convolution, phase: Phase, epilogue: Fusion): void {
  const { x, w, groups, IC, OC, outSize: whole } = convolution;
  const { isTurned, spread } = convolution.walk;
  const { walk, kernelSize, outSize, first } = phase;
  const { dtype, device } = x;
  const [N] = x.shape as [number];
  const [KH, KW] = kernelSize;
  const [OH, OW] = outSize;
  const lanesOfW = OC >= 3 ? 4 : 1;
  const pairs = Math.ceil(OC / (2 * lanesOfW));
  const [padded, packed] = KH === 0 ? [x, w] : [padded2d(x, phase), pack(convolution, phase, pairs * 2 * lanesOfW)];
  const [stride, dilation] = [walk.stride[1], walk.dilation[1]];
  const variant = `${dtype} ${lanesOfW} ${KW} ${stride} ${dilation} ${isTurned} ${epilogue.key}`;
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
      constants: { LANES_OF_W: lanesOfW, STRIDE: stride, IS_TURNED: Number(isTurned) },
      slots: {
        channel: channelOf(lanesOfW, value),
        taps: forwardTaps(KW, stride, dilation, isTurned),
        epilogue: epilogue.epilogue(value),
      },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const [, , IH, IW] = padded.shape as [number, number, number, number];
  const places = [whole[0] * whole[1], first[0] * whole[1] + first[1], spread[0] * whole[1], spread[1]];
  const params = [N, groups, IC, OC, IH, IW, OH, OW, KH, KW, walk.dilation[0], walk.stride[0], ...places];
  const lanes = N * groups * pairs * OH * Math.ceil(OW / 4);
  const blocks = [padded.block, packed.block, ...epilogue.blocks];
  device.launch(kernel, [...params, ...epilogue.values], blocks, Math.ceil(lanes / LANES));
}

/** The part of the padded input that is read, with rows as the kernel needs them. */
function padded2d(x: NDArray, { walk: { stride, dilation, pad }, kernelSize, outSize }: Phase): NDArray {
  const height = (outSize[0] - 1) * stride[0] + (kernelSize[0] - 1) * dilation[0] + 1;
  const size: Pair = [height, paddedWidth(outSize[1], kernelSize[1], stride[1], dilation[1])];
  return padTo(x, size, pad);
}

/**
 * The taps of a phase as [groups, IC, KH, KW, width]. Lanes past OC keep whatever the memory held; their results are
 * dropped.
 */
function pack({ w, walk, groups, IC, OC, kernelSize }: Convolution, phase: Phase, width: number): NDArray {
  const channels = walk.isTurned ? [IC, OC] : [OC, IC];
  const order = walk.isTurned ? [0, 1, 3, 4, 2] : [0, 2, 3, 4, 1];
  const byGroup = w
    .reshape([groups, ...channels, ...kernelSize])
    .view((layout) => permute(tapsOf(layout, phase, walk.isTurned), order));
  const packed = NDArray.empty(w.dtype, [groups, IC, ...phase.kernelSize, width], w.device);
  byGroup.computeInto(packed.view((layout) => ({ ...layout, shape: byGroup.shape })).realize());
  return packed;
}

/** The taps of a phase, in the weight's order: a turned kernel meets them backwards. */
function tapsOf(layout: Layout, { firstTap, tapSteps, kernelSize }: Phase, isTurned: boolean): Layout {
  return [0, 1].reduce((part, d) => {
    const dim = 3 + d;
    const [size, step, count] = [part.shape[dim]!, tapSteps[d]!, kernelSize[d]!];
    const start = isTurned ? size - 1 - firstTap[d]! - (count - 1) * step : firstTap[d]!;
    return slice(part, dim, start, count, step);
  }, layout);
}
