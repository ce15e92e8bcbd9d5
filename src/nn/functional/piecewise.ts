// Activations made of straight pieces.

import { checkTensor } from "../../core/check.js";
import { DTypeError, OutOfRangeError, ShapeError } from "../../core/errors.js";
import { checkNames, checkOptions, named, type Optional, optional } from "../../core/options.js";
import * as piecewise from "../../ops/piecewise.js";
import { assertFloat } from "../../ops/pointwise.js";
import { type RandomOptions, rand } from "../../tensor/random.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { applied, type InplaceOptions, multiplied } from "./in-place.js";

/** x, but 0 for |x| <= lambd; lambd is 0.5 by default. */
export function hardshrink(x: Tensor, lambd?: Optional<"lambd", number>): Tensor {
  return apply(piecewise.hardshrink, [x], { lambd: optional(lambd, "lambd", 0.5) });
}

/** x moved by lambd towards 0, and 0 where it would cross it; lambd is 0.5 by default. */
export function softshrink(x: Tensor, lambd?: Optional<"lambd", number>): Tensor {
  return apply(piecewise.softshrink, [x], { lambd: optional(lambd, "lambd", 0.5) });
}

export interface HardtanhOptions extends InplaceOptions {
  /** Default -1. */
  readonly minVal?: number;
  /** Default 1. */
  readonly maxVal?: number;
}

/** x within [minVal, maxVal] */
export function hardtanh(x: Tensor, given: HardtanhOptions = {}): Tensor {
  const { minVal = -1, maxVal = 1, ...options } = checkOptions("hardtanh", given, ["minVal", "maxVal", "inplace"]);
  return applied(piecewise.hardtanh, x, options, { min: minVal, max: maxVal });
}

/** (x + 3) / 6 within [0, 1] */
export function hardsigmoid(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(piecewise.hardsigmoid, x, options);
}

/** x hardsigmoid(x) */
export function hardswish(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(piecewise.hardswish, x, options);
}

export interface LeakyReluOptions extends InplaceOptions {
  /** Default 0.01. */
  readonly negativeSlope?: number | null;
}

/** x for x > 0, else negativeSlope x. The slope may also stand by position. */
export function leakyRelu(x: Tensor, negativeSlope?: number | LeakyReluOptions | null): Tensor {
  const options = named<LeakyReluOptions>(negativeSlope, "negativeSlope");
  checkNames("leakyRelu", options, ["negativeSlope", "inplace"]);
  return applied(piecewise.leakyRelu, x, options, { slope: options.negativeSlope ?? 0.01 });
}

export interface RreluOptions extends InplaceOptions, Pick<RandomOptions, "generator"> {
  /** The least slope. Default 1/8. */
  readonly lower?: number;
  /** The greatest slope. Default 1/3. */
  readonly upper?: number;
  /** Default false. */
  readonly training?: boolean;
}

/**
 * x for x > 0, else a x: in training a is uniform in [lower, upper) and drawn for each element, otherwise it is their mean.
 * (Xu et al., "Empirical evaluation of rectified activations in convolutional network", 2015.)
 */
export function rrelu(
  x: Tensor,
  { lower = 1 / 8, upper = 1 / 3, training = false, inplace, generator }: RreluOptions = {},
): Tensor {
  if (!(lower <= upper)) throw new OutOfRangeError("rrelu", `lower is ${lower} and above upper, ${upper}`);
  if (!training) return leakyRelu(x, { negativeSlope: (lower + upper) / 2, inplace });
  assertFloat("rrelu", "x", x);
  const slopes = rand(x.shape, generator && { generator })
    .mul(upper - lower)
    .add(lower)
    .to(x.dtype);
  return multiplied(x, slopes.where(x.detach().le(0), 1), { inplace });
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
export function threshold(x: Tensor, limit: number, value: number, options: InplaceOptions = {}): Tensor {
  return applied(piecewise.threshold, x, options, { threshold: limit, value });
}
