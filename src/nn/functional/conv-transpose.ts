// Transposed convolution: what the convolution with the same weight does to gradients.

import { checkTensor, checkWhole } from "../../core/check.js";
import { checkNames } from "../../core/options.js";
import { checkConv, convTransposeSizes } from "../../ops/conv-sizes.js";
import type { Tensor } from "../../tensor/tensor.js";
import { biased, CONV_OPTIONS } from "./conv.js";
import { plane, planeSteps, type Size, type Steps, sizes, steps } from "./size.js";
import { tapsOf } from "./window.js";

export interface ConvTransposeOptions {
  /** Default 1. */
  readonly stride?: Size | null;
  /** Rows and columns cut off on every side. Default 0. */
  readonly padding?: Size | null;
  /** Rows and columns added at the end. Default 0. */
  readonly outputPadding?: Size | null;
  /** Default 1. */
  readonly dilation?: Size | null;
  /** Channels are divided into so many groups that do not see each other. Default 1. */
  readonly groups?: number | null;
}

type WithBias = ConvTransposeOptions & { readonly bias?: Tensor | null };

/** Transposed convolution of x [N, C, L] or [C, L] with weight [C, O / groups, K]. See convTranspose2d. */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias,
  options: ConvTransposeOptions = {},
): Tensor {
  return transposed("convTranspose1d", 1, x, weight, biased("convTranspose1d", bias, options));
}

/**
 * Transposed convolution: each element of x adds its multiple of the kernel to the result,
 * y[n, o, h stride + i dilation - padding, ...] += x[n, c, h, ...] weight[c, o, i, ...], plus bias[o].
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [C, O / groups, KH, KW]
 * @param bias - [O]
 * @returns [N, O, OH, OW] with OH = (H - 1) stride - 2 padding + dilation (KH - 1) + outputPadding + 1
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias,
  options: ConvTransposeOptions = {},
): Tensor {
  return transposed("convTranspose2d", 2, x, weight, biased("convTranspose2d", bias, options));
}

/** Transposed convolution of x [N, C, D, H, W] or [C, D, H, W] with weight [C, O / groups, KD, KH, KW]. See convTranspose2d. */
export function convTranspose3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias,
  options: ConvTransposeOptions = {},
): Tensor {
  return transposed("convTranspose3d", 3, x, weight, biased("convTranspose3d", bias, options));
}

function transposed(op: string, count: number, x: Tensor, weight: Tensor, options: WithBias): Tensor {
  checkNames(op, options, [...CONV_OPTIONS, "outputPadding"]);
  const { bias } = options;
  const groups = options.groups ?? 1;
  for (const operand of bias ? [x, weight, bias] : [x, weight]) checkTensor(op, operand);
  checkWhole(op, { groups }, 1);
  checkConv(op, count, { x: x.shape, weight: weight.shape, bias: bias?.shape, groups, isTransposed: true });
  const window = steps(op, count, options);
  const outputPadding = sizes(op, "outputPadding", options.outputPadding ?? 0, count, 0);
  const out = convTransposeSizes(op, x.shape, weight.shape, { ...window, outputPadding });
  const batched = x.ndim === count + 1 ? x.unsqueeze(0) : x;
  const y = spread(batched, weight, window, groups, out);
  const whole = bias ? y.add(bias.to(y.dtype).reshape([-1, ...out.map(() => 1)])) : y;
  return batched === x ? whole : whole.squeeze(0).asBase();
}

function spread(x: Tensor, weight: Tensor, window: Steps, groups: number, out: readonly number[]): Tensor {
  const attributes = { ...planeSteps(window), groups };
  const size = plane(out);
  if (out.length === 2) return x.conv2dInputGradient(weight, attributes, size);
  if (out.length === 1) {
    return x.unsqueeze(2).conv2dInputGradient(weight.unsqueeze(2), attributes, size).squeeze(2).asBase();
  }
  const [C, IO, KD, KH, KW] = weight.shape as [number, number, number, number, number];
  const [N, , D, H, W] = x.shape as [number, number, number, number, number];
  const [stride, padding, dilation] = [window.stride[0]!, window.padding[0]!, window.dilation[0]!];
  const planes = x.permute([0, 2, 1, 3, 4]).reshape([N * D, C, H, W]);
  const taps = planes.conv2dInputGradient(weight.reshape([C, IO * KD, KH, KW]), attributes, size); // [N D, O KD, OH, OW]
  const depth = Math.max((D - 1) * stride + (KD - 1) * dilation + 1, padding + out[0]!);
  return taps
    .reshape([N, D, groups * IO, KD, ...size])
    .permute([0, 2, 1, 3, 4, 5])
    .reshape([N, groups * IO, D * KD, ...size])
    .indexSum(tapsOf(D, stride, KD, dilation), { dim: 2, size: depth, op: "convTranspose3d" })
    .narrow(2, padding, out[0]!)
    .asBase();
}
