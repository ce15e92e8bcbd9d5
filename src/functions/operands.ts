// Tensors as functions take them: one by one, or as one list.

import { checkTensor } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";

/** f(a, b, c), or f([a, b, c]). */
export type Tensors = readonly Tensor[] | readonly [readonly Tensor[]];

/** The tensors of a call. */
export function tensorsOf(op: string, given: Tensors, least = 1): readonly Tensor[] {
  const [first] = given;
  const tensors =
    given.length === 1 && Array.isArray(first) ? (first as readonly Tensor[]) : (given as readonly Tensor[]);
  for (const tensor of tensors) checkTensor(op, tensor, "tensors");
  if (tensors.length < least) throw new ShapeError(op, [], "needs at least one tensor");
  return tensors;
}
