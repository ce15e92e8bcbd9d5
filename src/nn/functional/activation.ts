// Activations.

import { checkTensor } from "../../core/check.js";
import type { DType } from "../../core/dtype.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { checkOptions, named, type Optional, optional, optionsIn } from "../../core/options.js";
import * as activation from "../../ops/activation.js";
import * as piecewise from "../../ops/piecewise.js";
import * as smooth from "../../ops/smooth-activation.js";
import type { DimAndDType } from "../../tensor/elementary.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { applied, type InplaceOptions } from "./in-place.js";

export interface SoftmaxOptions {
  /** The input is converted to it first. */
  readonly dtype?: DType | null;
}

/** max(x, 0) */
export function relu(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(activation.relu, x, options);
}

/** min(max(x, 0), 6) */
export function relu6(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(piecewise.hardtanh, x, options, { min: 0, max: 6 });
}

/** 1 / (1 + exp(-x)) */
export function sigmoid(x: Tensor): Tensor {
  return x.sigmoid();
}

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) */
export function tanh(x: Tensor): Tensor {
  return x.tanh();
}

/** exp(x_i) / sum_j exp(x_j) along a dimension. */
export function softmax(x: Tensor, dim: DimAndDType, options?: SoftmaxOptions): Tensor {
  return x.softmax(dim, options);
}

/** log(softmax(x)) */
export function logSoftmax(x: Tensor, dim: DimAndDType, options?: SoftmaxOptions): Tensor {
  return x.logSoftmax(dim, options);
}

export interface SoftminOptions extends SoftmaxOptions {
  /** Default: 0 for tensors of 0, 1 or 3 dimensions, else 1, as in PyTorch. */
  readonly dim?: number | null;
}

/** softmax(-x) */
export function softmin(x: Tensor, dim?: number | SoftminOptions | null, options: SoftminOptions = {}): Tensor {
  return x.neg().softmax(optional<"dim", number>(dim, "dim", usualDim(x)), optionsIn(dim, options));
}

/** @internal The dimension that softmax takes if it is not told which, as in PyTorch. */
export function usualDim({ ndim }: Tensor): 0 | 1 {
  return [0, 1, 3].includes(ndim) ? 0 : 1;
}

export interface EluOptions extends InplaceOptions {
  /** What the result tends to far below 0, times -1. Default 1. */
  readonly alpha?: number | null;
}

/** x for x > 0, else alpha (exp(x) - 1). alpha may also stand by position. */
export function elu(x: Tensor, alpha?: number | EluOptions | null): Tensor {
  const options = named<EluOptions>(alpha, "alpha");
  return applied(smooth.elu, x, options, { negative: options.alpha ?? 1, positive: 1, rate: 1 });
}

/** x for x > 0, else alpha (exp(x / alpha) - 1). alpha may also stand by position. */
export function celu(x: Tensor, alpha?: number | EluOptions | null): Tensor {
  const options = named<EluOptions>(alpha, "alpha");
  const a = options.alpha ?? 1;
  if (a === 0) throw new TapegradError("celu", "alpha is 0, and x / alpha has no value");
  return applied(smooth.elu, x, options, { negative: a, positive: 1, rate: 1 / a });
}

// Klambauer et al., "Self-normalizing neural networks" (2017), equation 14
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/** 1.0507 x for x > 0, else 1.7581 (exp(x) - 1): activations keep mean 0 and variance 1. */
export function selu(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(smooth.elu, x, options, { negative: SELU_ALPHA * SELU_SCALE, positive: SELU_SCALE, rate: 1 });
}

export interface GeluOptions {
  /** "tanh": x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2. Default "none": with the error function. */
  readonly approximate?: "none" | "tanh";
}

/** x times the probability that a normal number is below x: x (1 + erf(x / sqrt(2))) / 2. */
export function gelu(x: Tensor, options?: GeluOptions): Tensor {
  const { approximate = "none" } = checkOptions("gelu", options, ["approximate"]);
  if (approximate === "none") return apply(smooth.gelu, [x]);
  if (approximate === "tanh") return apply(smooth.geluTanh, [x]);
  throw new TapegradError("gelu", `approximate is ${JSON.stringify(approximate)}; there are "none" and "tanh"`);
}

/** a sigmoid(b) for the halves a and b of x along a dimension, the last one by default. */
export function glu(x: Tensor, dim?: Optional<"dim", number>): Tensor {
  checkTensor("glu", x);
  const d = optional(dim, "dim", -1);
  if (x.ndim === 0) throw new ShapeError("glu", [x.shape], "a number has no halves");
  const size = x.size(d);
  if (size % 2 !== 0) throw new ShapeError("glu", [x.shape], `dimension ${d} has ${size} elements, which is odd`);
  return x.narrow(d, 0, size / 2).mul(x.narrow(d, size / 2, size / 2).sigmoid());
}

/** log(sigmoid(x)) */
export function logsigmoid(x: Tensor): Tensor {
  return apply(smooth.logsigmoid, [x]);
}

/** x tanh(softplus(x)) */
export function mish(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(smooth.mish, x, options);
}

/** x sigmoid(x) */
export function silu(x: Tensor, options: InplaceOptions = {}): Tensor {
  return applied(smooth.silu, x, options);
}

export interface SoftplusOptions {
  /** Default 1. */
  readonly beta?: number;
  /** Where beta x is above it, the result is x. Default 20. */
  readonly threshold?: number;
}

/** log(1 + exp(beta x)) / beta */
export function softplus(x: Tensor, options?: SoftplusOptions): Tensor {
  const { beta = 1, threshold = 20 } = checkOptions("softplus", options, ["beta", "threshold"]);
  return apply(smooth.softplus, [x], { beta, threshold });
}

/** x / (1 + |x|) */
export function softsign(x: Tensor): Tensor {
  return apply(smooth.softsign, [x]);
}

/** x - tanh(x) */
export function tanhshrink(x: Tensor): Tensor {
  return apply(smooth.tanhshrink, [x]);
}
