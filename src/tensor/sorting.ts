// Sorting, and what sorting answers.

import { checkWhole } from "../core/check.js";
import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { checkOptionsIn } from "../core/options.js";
import { normalizeDim } from "../core/shape.js";
import * as sorting from "../ops/sorting.js";
import { apply } from "./construct.js";
import type { Tensor } from "./tensor.js";

export interface SortOptions {
  /** Default -1. */
  readonly dim?: number | null;
  /** The largest first. Default false. */
  readonly descending?: boolean;
  /** Sorting is always stable: equal elements stay in their order. */
  readonly stable?: boolean | null;
}

export interface TopKOptions {
  /** Default -1. */
  readonly dim?: number | null;
  /** The largest elements, or the smallest. Default true. */
  readonly largest?: boolean;
  /** The result is always sorted. */
  readonly sorted?: boolean;
}

export interface ValuesAndIndices {
  readonly values: Tensor;
  readonly indices: Tensor;
}

const SORT_OPTIONS = ["dim", "descending", "stable"] as const;

/** An optional dimension by position or in the options, and the options. */
type Given<Options> = number | Options | null | undefined;

export function argsort(op: string, x: Tensor, given: Given<SortOptions>, options: SortOptions): Tensor {
  const { descending = false, dim } = checkOptionsIn(op, given, options, SORT_OPTIONS);
  const at = normalizeDim(op, (typeof given === "number" ? given : dim) ?? -1, x.ndim);
  return apply(sorting.argsort, [x], { dim: at, descending });
}

export function sort(x: Tensor, given: Given<SortOptions>, options: SortOptions): ValuesAndIndices {
  const { dim } = checkOptionsIn("sort", given, options, SORT_OPTIONS);
  const at = normalizeDim("sort", (typeof given === "number" ? given : dim) ?? -1, x.ndim);
  const indices = argsort("sort", x, given, options);
  return { values: moved(x, at, indices), indices };
}

export function topk(x: Tensor, k: number, given: Given<TopKOptions>, options: TopKOptions): ValuesAndIndices {
  const { dim, largest = true } = checkOptionsIn("topk", given, options, ["dim", "largest", "sorted"]);
  const at = normalizeDim("topk", (typeof given === "number" ? given : dim) ?? -1, x.ndim);
  checkWhole("topk", { k });
  const size = x.shape[at] ?? 1;
  if (k > size) {
    throw new OutOfRangeError("topk", `k is ${k}, and dimension ${at} of shape ${JSON.stringify(x.shape)} has ${size}`);
  }
  const order = argsort("topk", x, at, { descending: largest });
  const indices = x.ndim === 0 ? order : order.narrow(at, 0, k).contiguous().asBase();
  return { values: moved(x, at, indices), indices };
}

/** The k-th smallest element along a dimension, counted from 1, and where it is. */
export function kthvalue(x: Tensor, k: number, dim: number, keepdim: boolean): ValuesAndIndices {
  const size = x.shape[dim] ?? 1;
  if (!Number.isInteger(k) || k < 1 || k > size) {
    throw new ShapeError("kthvalue", [x.shape], `k is ${k}; dimension ${dim} has elements 1 to ${size}`);
  }
  const order = argsort("kthvalue", x, dim, {});
  const indices =
    x.ndim === 0
      ? order
      : order
          .narrow(dim, k - 1, 1)
          .contiguous()
          .asBase();
  const values = moved(x, dim, indices);
  if (keepdim || x.ndim === 0) return { values, indices };
  return { values: values.squeeze(dim).asBase(), indices: indices.squeeze(dim).asBase() };
}

function moved(x: Tensor, dim: number, indices: Tensor): Tensor {
  return x.ndim === 0 ? x.clone() : x.gatherAs(indices, { dim, isDistinct: true });
}
