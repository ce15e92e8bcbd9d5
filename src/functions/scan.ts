// Running products, extremes and sums of exponentials along a dimension. The running sum is a method.

import type { DType } from "../core/dtype.js";
import * as scans from "../ops/scan.js";
import { dimOf } from "../tensor/base.js";
import { accumulate, pick } from "../tensor/reduction.js";
import type { ValuesAndIndices } from "../tensor/sorting.js";
import { apply, type Tensor } from "../tensor/tensor.js";

/** y_d = x_0 ... x_d along `dim`; of integers and bools in int32. The gradient is right where elements are 0. */
export function cumprod(x: Tensor, dim: number, { dtype }: { readonly dtype?: DType | null } = {}): Tensor {
  return accumulate(x, dtype, (y) => y.cumprodAs({ dim: dimOf(x, "cumprod", dim) }));
}

/** The largest element up to each place along `dim`, and where it is: the last one of equals. NaN counts as the largest. */
export function cummax(x: Tensor, dim: number): ValuesAndIndices {
  const at = dimOf(x, "cummax", dim);
  return pick(x, at, apply(scans.argCummax, [x], { dim: at }), { keepdim: true });
}

/** The smallest element up to each place along `dim`, and where it is: the last one of equals. NaN counts as the smallest. */
export function cummin(x: Tensor, dim: number): ValuesAndIndices {
  const at = dimOf(x, "cummin", dim);
  return pick(x, at, apply(scans.argCummin, [x], { dim: at }), { keepdim: true });
}

/** y_d = log(exp(x_0) + ... + exp(x_d)) along `dim`, without overflow. */
export function logcumsumexp(x: Tensor, dim: number): Tensor {
  return apply(scans.logcumsumexp, [x], { dim: dimOf(x, "logcumsumexp", dim) });
}
