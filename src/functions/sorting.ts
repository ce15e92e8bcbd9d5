// What sorting answers.

import { normalizeDim } from "../core/shape.js";
import { kthvalue as kth, type ValuesAndIndices } from "../tensor/sorting.js";
import type { Tensor } from "../tensor/tensor.js";

export type { ValuesAndIndices } from "../tensor/sorting.js";

export interface KthValueOptions {
  /** Default -1. */
  readonly dim?: number | null;
  readonly keepdim?: boolean | null;
}

/** The k-th smallest element along a dimension, counted from 1, and where it is; NaN is larger than any number. */
export function kthvalue(x: Tensor, k: number, options: number | KthValueOptions = {}): ValuesAndIndices {
  const { dim, keepdim } = typeof options === "number" ? { dim: options, keepdim: false } : options;
  return kth(x, k, normalizeDim("kthvalue", dim ?? -1, x.ndim), keepdim ?? false);
}
