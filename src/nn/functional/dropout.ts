// Dropout.

import { checkProbability, checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import type { Shape } from "../../core/shape.js";
import { assertFloat } from "../../ops/pointwise.js";
import { type RandomOptions, rand } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type InplaceOptions, multiplied } from "./in-place.js";
import { checkPlaces } from "./window.js";

export interface DropoutOptions extends InplaceOptions, Pick<RandomOptions, "generator"> {
  /** Probability of an element to become zero. Default 0.5. */
  readonly p?: number;
  /** Default true. */
  readonly training?: boolean;
}

const OPTIONS = ["p", "training", "inplace", "generator"] as const;

/**
 * In training, zeroes each element with probability p and divides the others by 1 - p, so that the mean stays; otherwise
 * returns x. (Integers cannot be scaled, so training refuses them.) The mask takes no memory: backward draws the same numbers again.
 */
export function dropout(x: Tensor, options: DropoutOptions = {}): Tensor {
  return dropped("dropout", x, x.shape, options);
}

/** dropout of whole channels: x [N, C, L] or [C, L]. */
export function dropout1d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkPlaces("dropout1d", 1, x);
  return dropped("dropout1d", x, x.ndim === 2 ? [x.shape[0]!, 1] : channelsOf(x), options);
}

/**
 * dropout of whole channels: x [N, C, H, W]. As in PyTorch, x of three dimensions is [N, C, L] and not an image.
 * (Tompson et al., "Efficient object localization using convolutional networks", 2015.)
 */
export function dropout2d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkTensor("dropout2d", x);
  if (x.ndim < 2) throw new ShapeError("dropout2d", [x.shape], "x must be [N, C, H, W]");
  return dropped("dropout2d", x, channelsOf(x), options);
}

/** dropout of whole channels: x [N, C, D, H, W] or [C, D, H, W]. */
export function dropout3d(x: Tensor, options: DropoutOptions = {}): Tensor {
  checkPlaces("dropout3d", 3, x);
  return dropped("dropout3d", x, x.ndim === 4 ? [x.shape[0]!, 1, 1, 1] : channelsOf(x), options);
}

/** [N, C, 1, ...] */
function channelsOf({ shape }: Tensor): Shape {
  return shape.map((size, d) => (d < 2 ? size : 1));
}

/** @param shape - of the mask, which is broadcast */
function dropped(op: string, x: Tensor, shape: Shape, options: DropoutOptions): Tensor {
  const { p = 0.5, training = true, inplace, generator } = checkOptions(op, options, OPTIONS);
  checkProbability(op, p);
  if (!training || p === 0) return x;
  assertFloat(op, "x", x);
  if (p === 1) return multiplied(x, 0, { inplace });
  return multiplied(x, kept(x, shape, p, generator).mul(1 / (1 - p)), { inplace });
}

/** 1 with probability 1 - p, else 0. */
function kept({ dtype }: Tensor, shape: Shape, p: number, generator: RandomOptions["generator"]): Tensor {
  return rand(shape, generator && { generator })
    .ge(p)
    .to(dtype);
}

export interface AlphaDropoutOptions extends Omit<DropoutOptions, "training"> {
  /** Default false, unlike dropout's, as in PyTorch. */
  readonly training?: boolean;
}

/**
 * In training, sets each element with probability p to what SELU tends to far below 0 and scales and shifts all, so that
 * mean and variance stay; otherwise returns x. (Klambauer et al., "Self-normalizing neural networks", 2017, section 3.)
 */
export function alphaDropout(x: Tensor, options: AlphaDropoutOptions = {}): Tensor {
  return selfNormalizing("alphaDropout", x, x.shape, options);
}

/** alphaDropout of whole channels: x [N, C, ...]. */
export function featureAlphaDropout(x: Tensor, options: AlphaDropoutOptions = {}): Tensor {
  checkTensor("featureAlphaDropout", x);
  if (options.training && x.ndim < 2) throw new ShapeError("featureAlphaDropout", [x.shape], "x must be [N, C, ...]");
  return selfNormalizing("featureAlphaDropout", x, channelsOf(x), options);
}

const LOWEST = -1.7580993408473766; // of SELU: minus its scale times its alpha

function selfNormalizing(op: string, x: Tensor, shape: Shape, options: AlphaDropoutOptions): Tensor {
  const { p = 0.5, training = false, inplace, generator } = checkOptions(op, options, OPTIONS);
  if (!training) return x;
  checkProbability(op, p);
  if (p === 0) return x;
  assertFloat(op, "x", x);
  if (p === 1) return multiplied(x, 0, { inplace });
  const mask = kept(x, shape, p, generator);
  const scale = 1 / Math.sqrt((LOWEST * LOWEST * p + 1) * (1 - p));
  const shift = mask.mul(-LOWEST * scale).add(LOWEST * scale * (1 - p));
  const scaled = multiplied(x, mask.mul(scale), { inplace });
  return inplace ? scaled.add_(shift) : scaled.add(shift);
}
