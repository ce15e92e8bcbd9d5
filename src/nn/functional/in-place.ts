// Functions that put their result into their argument if that is wanted.

import type { Op } from "../../autograd/op.js";
import { apply, change } from "../../tensor/construct.js";
import type { Tensor } from "../../tensor/tensor.js";

export interface InplaceOptions {
  /** Changes x itself, and returns it; x must not be a leaf that requires grad. Default false. */
  readonly inplace?: boolean | null;
}

/** @internal x times a factor, perhaps in x. */
export function multiplied(x: Tensor, factor: Tensor | number, { inplace }: InplaceOptions): Tensor {
  return inplace ? x.mul_(factor) : x.mul(factor);
}

/** @internal The result of an op on x, perhaps in x. */
export function applied<Attributes>(
  op: Op<Attributes>,
  x: Tensor,
  { inplace }: InplaceOptions,
  ...attributes: Attributes extends void ? [] : [Attributes]
): Tensor {
  return inplace ? change(op, [x], ...attributes) : apply(op, [x], ...attributes);
}
