// Activations made of straight pieces.

import { checkTensor } from "../../core/check.js";
import { DTypeError, ShapeError } from "../../core/errors.js";
import { type Optional, optional } from "../../core/options.js";
import * as piecewise from "../../ops/piecewise.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

/** x, but 0 for |x| <= lambd; lambd is 0.5 by default. */
export function hardshrink(x: Tensor, lambd?: Optional<"lambd", number>): Tensor {
  return apply(piecewise.hardshrink, [x], { lambd: optional(lambd, "lambd", 0.5) });
}

/** x moved by lambd towards 0, and 0 where it would cross it; lambd is 0.5 by default. */
export function softshrink(x: Tensor, lambd?: Optional<"lambd", number>): Tensor {
  return apply(piecewise.softshrink, [x], { lambd: optional(lambd, "lambd", 0.5) });
}

export interface HardtanhOptions {
  /** Default -1. */
  readonly minVal?: number;
  /** Default 1. */
  readonly maxVal?: number;
}

/** x within [minVal, maxVal] */
export function hardtanh(x: Tensor, { minVal = -1, maxVal = 1 }: HardtanhOptions = {}): Tensor {
  return apply(piecewise.hardtanh, [x], { min: minVal, max: maxVal });
}

/** (x + 3) / 6 within [0, 1] */
export function hardsigmoid(x: Tensor): Tensor {
  return apply(piecewise.hardsigmoid, [x]);
}

/** x hardsigmoid(x) */
export function hardswish(x: Tensor): Tensor {
  return apply(piecewise.hardswish, [x]);
}

/** x for x > 0, else negativeSlope x; 0.01 by default. */
export function leakyRelu(x: Tensor, negativeSlope?: Optional<"negativeSlope", number>): Tensor {
  return apply(piecewise.leakyRelu, [x], { slope: optional(negativeSlope, "negativeSlope", 0.01) });
}

/**
 * x for x > 0, else weight x.
 * @param weight - one slope, or one for each index of dimension 1
 */
export function prelu(x: Tensor, weight: Tensor): Tensor {
  checkTensor("prelu", x);
  checkTensor("prelu", weight);
  if (x.dtype !== weight.dtype) {
    throw new DTypeError("prelu", `the input is ${x.dtype} and the weight ${weight.dtype}; they must be of one dtype`);
  }
  if (weight.numel() === 1) return apply(piecewise.prelu, [x, weight.reshape([])]);
  const channels = x.ndim < 2 ? 1 : x.shape[1]!;
  if (weight.ndim !== 1 || weight.numel() !== channels) {
    const problem = `the weight must have one element, or ${channels}, one for each index of dimension 1`;
    throw new ShapeError("prelu", [x.shape, weight.shape], problem);
  }
  return apply(piecewise.prelu, [x, weight.reshape([channels, ...x.shape.slice(2).map(() => 1)])]);
}

/** x where it is above the threshold, else a value. */
export function threshold(x: Tensor, limit: number, value: number): Tensor {
  return apply(piecewise.threshold, [x], { threshold: limit, value });
}
