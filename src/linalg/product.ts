// Products.

import { checkTensor } from "../core/check.js";
import { crossAlong, multiply } from "../functions/product.js";
import type { Tensor } from "../tensor/tensor.js";

export interface DimOptions {
  /** Default -1. */
  readonly dim?: number;
}

/** The cross product along a dimension of size 3. */
export function cross(x: Tensor, other: Tensor, { dim = -1 }: DimOptions = {}): Tensor {
  return crossAlong("linalg.cross", x, other, dim);
}

/** sum_i x_i y_i along a dimension; the others broadcast. */
export function vecdot(x: Tensor, y: Tensor, { dim = -1 }: DimOptions = {}): Tensor {
  checkTensor("linalg.vecdot", y);
  return x.mul(y).sum(dim);
}

/** The product of several matrices, in the order that takes the fewest multiplications; the ends may be vectors. */
export function multiDot(tensors: readonly Tensor[]): Tensor {
  return multiply("linalg.multiDot", tensors);
}
