// Convolution.

import { ShapeError } from "../../core/errors.js";
import type { Pair } from "../../kernels/conv2d.js";
import type { Tensor } from "../../tensor/tensor.js";
import { pair, type Size2d } from "./size.js";

export interface Conv2dOptions {
  /** Default 1. */
  readonly stride?: Size2d;
  /** Zeros added on every side. Default 0. "same" keeps the size, at stride 1. */
  readonly padding?: Size2d | "valid" | "same";
  /** Default 1. */
  readonly dilation?: Size2d;
  /** Channels are divided into so many groups that do not see each other. Default 1. */
  readonly groups?: number;
}

/**
 * Two-dimensional convolution (cross-correlation, as in PyTorch):
 * y[n, o, h, w] = bias[o] + sum over c, i, j of x[n, c, h stride + i dilation - padding, ...] weight[o, c, i, j].
 *
 * @param x - [N, C, H, W]
 * @param weight - [O, C / groups, KH, KW]
 * @param bias - [O]
 * @returns [N, O, OH, OW] with OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const step = pair(dilation);
  if (padding === "same") {
    if (pair(stride).some((s) => s !== 1)) throw new ShapeError("conv2d", [x.shape], 'padding "same" needs stride 1');
    const total = step.map((d, i) => d * (weight.shape[2 + i]! - 1));
    if (total.some((t) => t % 2 !== 0))
      throw new ShapeError("conv2d", [weight.shape], 'padding "same" needs an odd kernel');
  }
  const pads: Pair =
    padding === "same"
      ? [(step[0] * (weight.shape[2]! - 1)) / 2, (step[1] * (weight.shape[3]! - 1)) / 2]
      : pair(padding === "valid" ? 0 : padding);
  const batched = x.ndim === 3 ? x.unsqueeze(0) : x;
  const y = batched.conv2d(weight, { stride: pair(stride), padding: pads, dilation: step, groups }, bias);
  return x.ndim === 3 ? y.squeeze(0) : y;
}
