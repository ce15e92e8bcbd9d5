// Sorting. Elements are moved by the positions that argsort finds, so their derivative is that of gather.

import { defineOp } from "../autograd/op.js";
import { argsort as positions } from "../kernels/sort.js";

/** Positions along `dim` in the order of the elements; not differentiable. */
export const argsort = defineOp({
  name: "argsort",
  inputs: ["x"],
  shape: ({ x }, _: { readonly dim: number; readonly descending: boolean }) => ({ shape: x.shape, dtype: "int32" }),
  forward: ({ x }, { dim, descending }) => positions(x, dim, descending),
});
