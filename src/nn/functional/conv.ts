// Convolution, which is cross-correlation here as in PyTorch.

import { checkTensor, checkWhole } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { checkNames, checkOptions, isOptions } from "../../core/options.js";
import { checkConv, convSizes } from "../../ops/conv-sizes.js";
import type { Tensor } from "../../tensor/tensor.js";
import { padWith } from "./pad.js";
import { planeSteps, type Size, type Size2d, type Steps, steps } from "./size.js";
import { tapsOf } from "./window.js";

export interface ConvOptions<S = Size> {
  /** Default 1. */
  readonly stride?: S | null;
  /** Zeros added on every side. Default 0. "same" keeps the size, at stride 1. */
  readonly padding?: S | "valid" | "same" | null;
  /** Default 1. */
  readonly dilation?: S | null;
  /** Channels are divided into so many groups that do not see each other. Default 1. */
  readonly groups?: number | null;
}

export interface Conv2dOptions extends ConvOptions<Size2d> {}

/** A bias may stand among the options, or before them. */
type WithBias<Options> = Options & { readonly bias?: Tensor | null };

/** The names in ConvOptions, and the bias. */
export const CONV_OPTIONS = ["bias", "stride", "padding", "dilation", "groups"] as const;

/**
 * One-dimensional convolution: x [N, C, L] or [C, L], weight [O, C / groups, K], bias [O] -> [N, O, OL]. See conv2d.
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias<ConvOptions>,
  options: ConvOptions = {},
): Tensor {
  return convolution("conv1d", 1, x, weight, biased("conv1d", bias, options));
}

/**
 * Two-dimensional convolution:
 * y[n, o, h, w] = bias[o] + sum over c, i, j of x[n, c, h stride + i dilation - padding, ...] weight[o, c, i, j].
 *
 * @param x - [N, C, H, W] or [C, H, W]
 * @param weight - [O, C / groups, KH, KW]
 * @param bias - [O]
 * @returns [N, O, OH, OW] with OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias<Conv2dOptions>,
  options: Conv2dOptions = {},
): Tensor {
  return convolution("conv2d", 2, x, weight, biased("conv2d", bias, options));
}

/**
 * Three-dimensional convolution: x [N, C, D, H, W] or [C, D, H, W], weight [O, C / groups, KD, KH, KW], bias [O] ->
 * [N, O, OD, OH, OW]. See conv2d.
 */
export function conv3d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | WithBias<ConvOptions>,
  options: ConvOptions = {},
): Tensor {
  return convolution("conv3d", 3, x, weight, biased("conv3d", bias, options));
}

function convolution(op: string, count: number, x: Tensor, weight: Tensor, options: WithBias<ConvOptions>): Tensor {
  checkNames(op, options, CONV_OPTIONS);
  const { bias, padding } = options;
  const groups = options.groups ?? 1;
  for (const operand of bias ? [x, weight, bias] : [x, weight]) checkTensor(op, operand);
  checkWhole(op, { groups }, 1);
  checkConv(op, count, { x: x.shape, weight: weight.shape, bias: bias?.shape, groups });
  const isNamed = padding === "same" || padding === "valid";
  let window = steps(op, count, { ...options, padding: isNamed ? 0 : (padding as Size) });
  let padded = x;
  if (padding === "same") {
    if (window.stride.some((s) => s !== 1)) throw new ShapeError(op, [x.shape], 'padding "same" needs stride 1');
    const total = window.dilation.map((d, i) => d * (weight.shape[2 + i]! - 1));
    window = { ...window, padding: total.map((n) => Math.floor(n / 2)) };
    const none = x.shape.map(() => 0);
    padded = padWith(x, none, [...none.slice(count), ...total.map((n) => n % 2)]); // an odd one more goes to the end
  }
  const out = convSizes(op, padded.shape, weight.shape, window);
  const batched = x.ndim === count + 1 ? padded.unsqueeze(0) : padded;
  const y = convolved(batched, weight, bias, window, groups, out);
  return batched === padded ? y : y.squeeze(0).asBase();
}

/** All of it is done in the plane: a row is a plane of height 1, and taps along the depth become channels. */
function convolved(
  x: Tensor,
  weight: Tensor,
  bias: Tensor | null | undefined,
  window: Steps,
  groups: number,
  out: readonly number[],
): Tensor {
  const attributes = { ...planeSteps(window), groups };
  if (out.length === 2) return x.conv2d(weight, attributes, bias);
  if (out.length === 1) return x.unsqueeze(2).conv2d(weight.unsqueeze(2), attributes, bias).squeeze(2).asBase();
  const [O, IC, KD, KH, KW] = weight.shape as [number, number, number, number, number];
  const [N, C, , H, W] = x.shape as [number, number, number, number, number];
  const [OD, OH, OW] = out as [number, number, number];
  const front = [0, 0, window.padding[0]!, 0, 0];
  const taps = padWith(x, front, front)
    .indexSelect(2, tapsOf(OD, window.stride[0]!, KD, window.dilation[0]!))
    .reshape([N, C, OD, KD, H, W])
    .permute([0, 2, 1, 3, 4, 5])
    .reshape([N * OD, C * KD, H, W]);
  const y = taps.conv2d(weight.reshape([O, IC * KD, KH, KW]), attributes, bias); // [N OD, O, OH, OW]
  return y.reshape([N, OD, O, OH, OW]).permute([0, 2, 1, 3, 4]).asBase();
}

/** The options with the bias among them. */
export function biased<Options extends object>(
  op: string,
  bias: Tensor | null | undefined | WithBias<Options>,
  options: Options,
): WithBias<Options> {
  return isOptions<WithBias<Options>>(bias)
    ? bias
    : { ...checkOptions(op, options), bias: bias as Tensor | null | undefined };
}
