// How many numbers go into an element of a layer's result, and how much a nonlinearity shrinks them.

import { describe } from "../../core/check.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { type Optional, optional } from "../../core/options.js";
import { numel } from "../../core/shape.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Functions that calculateGain knows, by PyTorch's names. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

/**
 * What weights are multiplied by so that activations keep their variance: 1 for linear maps and sigmoid, 5 / 3 for tanh,
 * sqrt(2) for ReLU, sqrt(2 / (1 + slope^2)) for leaky ReLU, 3 / 4 for SELU.
 * @param param - of leaky ReLU: its slope, by default 0.01
 */
export function calculateGain(nonlinearity: Nonlinearity, param?: Optional<"param", number>): number {
  switch (nonlinearity) {
    case "linear":
    case "conv1d":
    case "conv2d":
    case "conv3d":
    case "conv_transpose1d":
    case "conv_transpose2d":
    case "conv_transpose3d":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.SQRT2;
    case "leaky_relu":
      return Math.sqrt(2 / (1 + optional(param, "param", 0.01) ** 2));
    case "selu":
      return 3 / 4;
    default:
      nonlinearity satisfies never;
      throw new TapegradError("calculateGain", `nonlinearity ${describe(nonlinearity)} is not known`);
  }
}

/** @internal Of a weight [O, I, ...kernel]: I kernel and O kernel. */
export function fansOf(op: string, { shape }: Tensor): { readonly fanIn: number; readonly fanOut: number } {
  if (shape.length < 2) throw new ShapeError(op, [shape], "fans need at least two dimensions, [out, in, ...]");
  const kernel = numel(shape.slice(2));
  return { fanIn: shape[1]! * kernel, fanOut: shape[0]! * kernel };
}
