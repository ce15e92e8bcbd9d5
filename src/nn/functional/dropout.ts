// Dropout.

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
