// Normalizations of the elements that a mask lets count; what it leaves out becomes what nothing becomes.

import { dimOf } from "../tensor/base.js";
import type { Tensor } from "../tensor/tensor.js";
import { fill, type MaskOptions } from "./mask.js";
import { norm } from "./reduction.js";

/** Softmax along a dimension: 0 where the mask does not hold, NaN in rows where it holds nowhere. */
export function softmax(x: Tensor, dim: number, { mask, dtype }: MaskOptions = {}): Tensor {
  return fill("masked.softmax", x, mask, "low")
    .to(dtype ?? x.dtype)
    .softmax(dim);
}

/** The logarithm of softmax along a dimension: -Infinity where the mask does not hold. */
export function logSoftmax(x: Tensor, dim: number, { mask, dtype }: MaskOptions = {}): Tensor {
  return fill("masked.logSoftmax", x, mask, "low")
    .to(dtype ?? x.dtype)
    .logSoftmax(dim);
}

/** Softmax of -x along a dimension. */
export function softmin(x: Tensor, dim: number, { mask, dtype }: MaskOptions = {}): Tensor {
  return fill("masked.softmin", x, mask, "high")
    .to(dtype ?? x.dtype)
    .neg()
    .softmax(dim);
}

export interface NormalizeOptions extends MaskOptions {
  /** The least divisor. Default 1e-12. */
  readonly eps?: number;
}

/** x over its norm of order `ord` along a dimension: 0 where the mask does not hold. */
export function normalize(
  x: Tensor,
  ord: number,
  dim: number,
  { mask, dtype, eps = 1e-12 }: NormalizeOptions = {},
): Tensor {
  const at = dimOf(x, "masked.normalize", dim);
  const length = norm(x, ord, { mask: mask ?? null, dim: at, keepdim: true, dtype: dtype ?? null });
  return fill("masked.normalize", x, mask, 0).div(length.maximum(eps));
}
