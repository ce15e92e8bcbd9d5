// Reductions and scans of the elements that a mask lets count. As in PyTorch the result keeps the input's dtype, where not
// said otherwise.

import type { DType } from "../core/dtype.js";
import { nanmedian } from "../functions/order-statistics.js";
import { cumprod as cumulativeProduct } from "../functions/scan.js";
import { ones } from "../tensor/create.js";
import { stack } from "../tensor/join.js";
import { vectorNorm } from "../tensor/reduction.js";
import type { Dims, KeepdimOptions, Tensor } from "../tensor/tensor.js";
import { fill, floating, type MaskOptions, over } from "./mask.js";

export interface MaskedOptions extends MaskOptions, KeepdimOptions {
  /** One dimension or several. Default: all. */
  readonly dim?: Dims | null;
}

export interface MaskedDimOptions extends MaskOptions, KeepdimOptions {
  readonly dim?: number | null;
}

/** The sum; of integers and bools in int32. Of nothing 0. */
export function sum(x: Tensor, { mask, dim, keepdim, dtype }: MaskedOptions = {}): Tensor {
  return fill("masked.sum", x, mask, 0).sum(dim, { keepdim: keepdim ?? false, dtype: dtype ?? null });
}

/** The product; of integers and bools in int32. Of nothing 1. */
export function prod(x: Tensor, { mask, dim, keepdim, dtype }: MaskedOptions = {}): Tensor {
  return fill("masked.prod", x, mask, 1).prod(dim, { keepdim: keepdim ?? false, dtype: dtype ?? null });
}

/** The largest element. Of nothing the least value of the dtype. */
export function amax(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedOptions = {}): Tensor {
  return fill("masked.amax", x, mask, "low")
    .amax(dim, { keepdim })
    .to(dtype ?? x.dtype);
}

/** The smallest element. Of nothing the greatest value of the dtype. */
export function amin(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedOptions = {}): Tensor {
  return fill("masked.amin", x, mask, "high")
    .amin(dim, { keepdim })
    .to(dtype ?? x.dtype);
}

/** Where the first largest element is, in the input's dtype. */
export function argmax(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedDimOptions = {}): Tensor {
  return fill("masked.argmax", x, mask, "low")
    .argmax(dim, { keepdim })
    .to(dtype ?? x.dtype);
}

/** Where the first smallest element is, in the input's dtype. */
export function argmin(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedDimOptions = {}): Tensor {
  return fill("masked.argmin", x, mask, "high")
    .argmin(dim, { keepdim })
    .to(dtype ?? x.dtype);
}

/** The mean. Of nothing NaN. */
export function mean(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedOptions = {}): Tensor {
  const total = sum(x, { mask: mask ?? null, dim: dim ?? null, keepdim, dtype: dtype ?? x.dtype });
  return total.div(count("masked.mean", x, mask).sum(dim, { keepdim }));
}

/** The median along a dimension; of nothing NaN. Default dim -1. */
export function median(x: Tensor, dim: number | MaskedDimOptions = {}, options: MaskedDimOptions = {}): Tensor {
  const { mask, keepdim = false, dtype, dim: named } = typeof dim === "number" ? { ...options, dim } : dim;
  const filled = fill("masked.median", floating(x), mask, Number.NaN);
  return nanmedian(filled, named ?? -1, { keepdim }).values.to(dtype ?? x.dtype);
}

/** log of the sum of exponentials. Of nothing -Infinity. */
export function logsumexp(x: Tensor, { mask, dim, keepdim = false, dtype }: MaskedOptions = {}): Tensor {
  return fill("masked.logsumexp", x, mask, "low")
    .logsumexp(dim ?? [], { keepdim })
    .to(dtype ?? x.dtype);
}

export interface LogaddexpOptions {
  readonly inputMask?: Tensor | null;
  readonly otherMask?: Tensor | null;
  readonly dtype?: DType | null;
}

/** log(exp(x) + exp(other)), element by element, each with a mask of its own. */
export function logaddexp(x: Tensor, other: Tensor, { inputMask, otherMask, dtype }: LogaddexpOptions = {}): Tensor {
  const operands = [fill("masked.logaddexp", x, inputMask, "low"), fill("masked.logaddexp", other, otherMask, "low")];
  return stack(operands)
    .logsumexp(0)
    .to(dtype ?? x.dtype);
}

/** The vector norm of order `ord`. Default 2. */
export function norm(
  x: Tensor,
  ord: number | (MaskedOptions & { readonly ord?: number }) = {},
  options: MaskedOptions = {},
): Tensor {
  const { mask, dim, keepdim = false, dtype, ord: named = 2 } = typeof ord === "number" ? { ...options, ord } : ord;
  const filled = fill("masked.norm", x, mask, named === Number.NEGATIVE_INFINITY ? "high" : 0);
  return vectorNorm("masked.norm", filled, named, { dim: dim ?? null, keepdim, dtype: dtype ?? null });
}

export interface MaskedVarianceOptions extends MaskedOptions {
  /** Divides by one less than the number of elements. Default false. */
  readonly unbiased?: boolean;
}

/** The variance. Default: of a population. */
export function variance(
  x: Tensor,
  { mask, dim, keepdim = false, dtype, unbiased = false }: MaskedVarianceOptions = {},
): Tensor {
  const values = floating(x);
  const own = mask ?? null;
  const counted = count("masked.var", x, mask);
  const centre = sum(values, { mask: own, dim: dim ?? null, keepdim: true }).div(counted.sum(dim, { keepdim: true }));
  const squares = sum(values.sub(centre).square(), { mask: own, dim: dim ?? null, keepdim });
  const n = counted.sum(dim, { keepdim });
  return squares.div(unbiased ? n.sub(1).clamp(0) : n).to(dtype ?? values.dtype);
}

export { variance as var };

/** The root of the variance. */
export function std(x: Tensor, options: MaskedVarianceOptions = {}): Tensor {
  return variance(x, options).sqrt();
}

/** The running sum along a dimension, in the input's dtype. */
export function cumsum(x: Tensor, dim: number, { mask, dtype }: MaskOptions = {}): Tensor {
  return fill("masked.cumsum", x, mask, 0).cumsum(dim, { dtype: dtype ?? x.dtype });
}

/** The running product along a dimension, in the input's dtype. */
export function cumprod(x: Tensor, dim: number, { mask, dtype }: MaskOptions = {}): Tensor {
  return cumulativeProduct(fill("masked.cumprod", x, mask, 1), dim, { dtype: dtype ?? x.dtype });
}

/** Which elements count, in x's shape: bool. */
function count(op: string, x: Tensor, mask: Tensor | null | undefined): Tensor {
  return mask ? over(op, x, mask) : ones(x.shape, { dtype: "bool" });
}
