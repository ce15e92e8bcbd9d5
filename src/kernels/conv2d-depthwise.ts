// Convolution channel by channel (wgsl/conv2d-depthwise*.wgsl), which reads its operands as they are.

import { dtypes } from "../core/dtype.js";
import type { Convolution } from "./conv2d.js";
import { depthwiseRowSlots, depthwiseTaps } from "./conv2d-taps.js";
import { summedIn } from "./pad2d.js";
import type { Fusion } from "./pointwise/fusion.js";
import { kernelSource } from "./source.js";
import conv2dDepthwiseWgsl from "./wgsl/conv2d-depthwise.js";
import conv2dDepthwiseRowsWgsl from "./wgsl/conv2d-depthwise-rows.js";

const LANES = 64; // WORKGROUP_SIZE of the kernels
const ROWS = 8; // of y per lane, in conv2d-depthwise-rows.wgsl
const MAX_TAPS = 25; // weights that a lane holds there: a kernel of 5 x 5

/** Whether each output channel comes from one input channel alone, without zeros between its elements. */
export function isDepthwise({ IC, OC, walk: { spread } }: Convolution): boolean {
  return IC === 1 && OC === 1 && spread[0] === 1 && spread[1] === 1;
}

export function launchDepthwise(convolution: Convolution, epilogue: Fusion): void {
  const { x, w, walk, groups, kernelSize, outSize } = convolution;
  const { dtype, device } = x;
  const [N, , IH, IW] = x.shape as [number, number, number, number];
  const [KH, KW] = kernelSize;
  const [OH, OW] = outSize;
  const { isTurned } = walk;
  const [stride, dilation] = [walk.stride[1], walk.dilation[1]];
  const isByRows = walk.stride[0] === 1 && walk.dilation[0] === 1 && KH * KW <= MAX_TAPS;
  const size = isByRows ? `${KH} x ${KW}` : KW;
  const variant = `${dtype} ${size} ${stride} ${dilation} ${isTurned} ${epilogue.key}`;
  const kernel = device.kernel(`conv2d depthwise ${variant}`, () => {
    const { value } = dtypes[dtype];
    const taps = isByRows
      ? depthwiseRowSlots(kernelSize, stride, dilation, isTurned)
      : { taps: depthwiseTaps(KW, stride, dilation, isTurned) };
    return kernelSource(isByRows ? conv2dDepthwiseRowsWgsl : conv2dDepthwiseWgsl, {
      variant,
      types: { S: dtypes[dtype].stored, T: dtypes[summedIn(dtype)].stored, Y: value },
      constants: isByRows ? { STRIDE: stride, ROWS } : { STRIDE: stride, IS_TURNED: Number(isTurned) },
      slots: { ...taps, epilogue: epilogue.epilogue(value) },
      additions: { buffers: epilogue.buffers, params: epilogue.params, imports: epilogue.imports },
    });
  });
  const steps = isByRows ? walk.pad : [walk.stride[0], walk.dilation[0], ...walk.pad];
  const params = [N, groups, IH, IW, OH, OW, KH, KW, ...steps, x.start, w.start];
  const lanes = N * groups * Math.ceil(OH / (isByRows ? ROWS : 1)) * Math.ceil(OW / 4);
  const blocks = [x.block, w.block, ...epilogue.blocks];
  device.launch(kernel, [...params, ...epilogue.values], blocks, Math.ceil(lanes / LANES));
}
