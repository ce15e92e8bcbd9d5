// Convolution.

import { checkTensor, checkWhole } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { checkConv2d, conv2dSize } from "../../ops/conv.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Size2d, steps } from "./size.js";

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
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [O, C / groups, KH, KW]
 * @param bias - [O]
 * @returns [N, O, OH, OW] with OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { padding = 0, groups = 1 } = options;
  for (const operand of bias ? [x, weight, bias] : [x, weight]) checkTensor("conv2d", operand);
  checkWhole("conv2d", { groups }, 1);
  checkConv2d(x.shape, weight.shape, bias?.shape, groups);
  const isNamed = padding === "same" || padding === "valid";
  const window = steps("conv2d", { ...options, padding: isNamed ? 0 : (padding as Size2d) });
  if (padding === "same") {
    if (window.stride.some((s) => s !== 1)) throw new ShapeError("conv2d", [x.shape], 'padding "same" needs stride 1');
    const [height, width] = window.dilation.map((d, i) => (d * (weight.shape[2 + i]! - 1)) / 2) as [number, number];
    if (![height, width].every(Number.isInteger))
      throw new ShapeError("conv2d", [weight.shape], 'padding "same" needs an odd kernel');
    window.padding = [height, width];
  }
  conv2dSize(x.shape, weight.shape, window);
  const batched = x.ndim === 3 ? x.unsqueeze(0) : x;
  const y = batched.conv2d(weight, { ...window, groups }, bias);
  return x.ndim === 3 ? y.squeeze(0).asBase() : y;
}
