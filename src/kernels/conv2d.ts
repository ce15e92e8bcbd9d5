// Two-dimensional convolution and its gradient with respect to the input, with stride, padding, dilation and groups. A
// family of kernels in variants (conv2d-variants.ts).

import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { isDepthwise, launchDepthwise } from "./conv2d-depthwise.js";
import { launchRegisters } from "./conv2d-registers.js";
import { launchSubgroup } from "./conv2d-subgroup.js";
import { classOf, convolutionFamily } from "./conv2d-variants.js";
import { inFrame } from "./frame.js";
import { chooseVariant } from "./variants/choice.js";

export type Pair = readonly [height: number, width: number];

export interface Conv2dAttributes {
  readonly stride: Pair;
  readonly padding: Pair;
  readonly dilation: Pair;
  readonly groups: number;
}

/** How a kernel walks its input. */
export interface Walk {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Zeros put before the input; negative ones cut it off. */
  readonly pad: Pair;
  /** Steps from one input element to the next, zeros between them. */
  readonly spread: Pair;
  /** Whether the kernel is turned round, and w has the input channels first. */
  readonly isTurned: boolean;
}

/** What a convolution kernel computes. */
export interface Convolution {
  /** [N, groups IC, H, W], contiguous */
  readonly x: NDArray;
  /** [groups OC, IC, KH, KW], or turned [groups IC, OC, KH, KW]; contiguous */
  readonly w: NDArray;
  readonly walk: Walk;
  readonly groups: number;
  /** Channels, counted per group. */
  readonly IC: number;
  readonly OC: number;
  readonly kernelSize: Pair;
  readonly outSize: Pair;
}

const family = convolutionFamily(conv2d);

/** y = x * w: x [N, C, H, W], w [O, C / groups, KH, KW] -> y [N, O, OH, OW]. Launched when needed. */
export function conv2d(x: NDArray, w: NDArray, attributes: Conv2dAttributes, outSize: Pair): NDArray {
  const { stride, padding: pad, dilation, groups } = attributes;
  return convolve(x, w, groups, { stride, dilation, pad, spread: [1, 1], isTurned: false }, outSize);
}

/** dL/dx from dL/dy: the convolution of dy, spread out by the stride, with the kernel turned round. */
export function conv2dInputGradient(dy: NDArray, w: NDArray, attributes: Conv2dAttributes, inSize: Pair): NDArray {
  const { stride: spread, padding, dilation, groups } = attributes;
  const [KH, KW] = w.shape.slice(2) as [number, number];
  const pad = [dilation[0] * (KH - 1) - padding[0], dilation[1] * (KW - 1) - padding[1]] as const;
  return convolve(dy, w, groups, { stride: [1, 1], dilation, pad, spread, isTurned: true }, inSize);
}

function convolve(x: NDArray, w: NDArray, groups: number, walk: Walk, outSize: Pair): NDArray {
  const [first, second, KH, KW] = w.shape as [number, number, number, number];
  const [IC, OC] = walk.isTurned ? [first / groups, second] : [second, first / groups];
  const { dtype, device } = x;
  const shape = [x.shape[0]!, groups * OC, ...outSize];
  if (numel(shape) === 0 || numel(x.shape) === 0) return NDArray.constant(0, dtype, shape, device);

  const inputs = [x.contiguous(), w.contiguous()] as const;
  const convolution = { x: inputs[0], w: inputs[1], walk, groups, IC, OC, kernelSize: [KH, KW], outSize } as const;
  return NDArray.deferred(dtype, shape, {
    inputs,
    buffers: 2,
    launch: (epilogue) =>
      inFrame(() => {
        if (isDepthwise(convolution)) {
          launchDepthwise(convolution, epilogue);
          return undefined;
        }
        const { lanes } = chooseVariant(device, family, classOf(convolution)).constants;
        if (lanes === 0) launchRegisters(convolution, epilogue);
        else launchSubgroup(convolution, lanes, epilogue);
        return undefined;
      }),
  });
}
