// Sorting and searching. Elements are moved by the positions that argsort finds, so their derivative is that of gather.

import { defineOp } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import { searchsorted as search } from "../kernels/searchsorted.js";
import { argsort as positions } from "../kernels/sort.js";

/** Positions along `dim` in the order of the elements; not differentiable. */
export const argsort = defineOp({
  name: "argsort",
  inputs: ["x"],
  shape: ({ x }, _: { readonly dim: number; readonly descending: boolean }) => ({ shape: x.shape, dtype: "int32" }),
  forward: ({ x }, { dim, descending }) => positions(x, dim, descending),
});

/** How many elements of a sorted sequence come before each element of x; not differentiable. */
export const searchsorted = defineOp({
  name: "searchsorted",
  inputs: ["sequence", "x"],
  promotion: "common",
  shape: ({ sequence, x }, { op }: { readonly op: string; readonly isRight: boolean }) => {
    const { length } = sequence.shape;
    const isOfRows = length === x.shape.length && sameShape(sequence.shape.slice(0, -1), x.shape.slice(0, -1));
    if (length !== 1 && !(length > 1 && isOfRows)) {
      const problem = "the sorted sequence must have one dimension, or the values' dimensions but for the last";
      throw new ShapeError(op, [sequence.shape, x.shape], problem);
    }
    return { shape: x.shape, dtype: "int32" };
  },
  forward: ({ sequence, x }, { isRight }) => search(sequence, x, isRight),
});
