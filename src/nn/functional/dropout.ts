// Dropout.

import { ShapeError } from "../../core/errors.js";
import type { Shape } from "../../core/shape.js";
import { assertFloat } from "../../ops/pointwise.js";
import { type RandomOptions, rand } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";

export interface DropoutOptions extends Pick<RandomOptions, "generator"> {
  /** Probability of an element to become zero. Default 0.5. */
  readonly p?: number;
  /** Default true. */
  readonly training?: boolean;
}

/**
 * In training, zeroes each element with probability p and divides the others by 1 - p, so that the mean stays; otherwise
 * returns x. (Integers cannot be scaled, so training refuses them.) The mask takes no memory: backward draws the same numbers again.
 */
export function dropout(x: Tensor, { p = 0.5, training = true, generator }: DropoutOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout: p must be between 0 and 1, got ${p}`);
  if (!training || p === 0) return x;
  assertFloat("dropout", "x", x);
  if (p === 1) return x.mul(0);
  const mask = rand(x.shape, generator && { generator })
    .ge(p)
    .to(x.dtype);
  return x.mul(mask.mul(1 / (1 - p)));
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
  return selfNormalizing("featureAlphaDropout", x, [...x.shape.slice(0, 2), ...x.shape.slice(2).map(() => 1)], options);
}

const LOWEST = -1.7580993408473766; // of SELU: minus its scale times its alpha

function selfNormalizing(
  op: string,
  x: Tensor,
  shape: Shape,
  { p = 0.5, training = false, generator }: AlphaDropoutOptions,
): Tensor {
  if (!training) return x;
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${op}: p must be between 0 and 1, got ${p}`);
  if (p === 0) return x;
  assertFloat(op, "x", x);
  if (op === "featureAlphaDropout" && x.ndim < 2) throw new ShapeError(op, [x.shape], "x must be [N, C, ...]");
  if (p === 1) return x.mul(0);
  const kept = rand(shape, generator && { generator })
    .ge(p)
    .to(x.dtype);
  const scale = 1 / Math.sqrt((LOWEST * LOWEST * p + 1) * (1 - p));
  const shift = kept.mul(-LOWEST * scale).add(LOWEST * scale * (1 - p));
  return x.mul(kept.mul(scale)).add(shift);
}
