// Medians, modes and quantiles: what sorting finds.

import { isFloatingPoint } from "../core/dtype.js";
import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { checkOptions, checkOptionsIn, type Optional, optional } from "../core/options.js";
import { dimOf } from "../tensor/base.js";
import { arange, tensor } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import { over, pick } from "../tensor/reduction.js";
import type { ValuesAndIndices } from "../tensor/sorting.js";
import type { KeepdimOptions, Tensor } from "../tensor/tensor.js";
import { cummax } from "./scan.js";

interface DimOptions extends KeepdimOptions {
  readonly dim?: number | null;
}

type GivenDim = number | (KeepdimOptions & { readonly dim: number });

/**
 * The middle element (of an even number the lower one of the two), of all or along a dimension with its index. NaN if there
 * is one. Of all elements, equal ones share the gradient.
 */
export function median(x: Tensor): Tensor;
export function median(x: Tensor, dim: GivenDim, options?: KeepdimOptions): ValuesAndIndices;
export function median(x: Tensor, dim?: GivenDim | null, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  return middle("median", x, dim, options, false);
}

/** The median of the elements that are not NaN; NaN where there are none. */
export function nanmedian(x: Tensor): Tensor;
export function nanmedian(x: Tensor, dim: GivenDim, options?: KeepdimOptions): ValuesAndIndices;
export function nanmedian(x: Tensor, dim?: GivenDim | null, options: KeepdimOptions = {}): Tensor | ValuesAndIndices {
  return middle("nanmedian", x, dim, options, true);
}

function middle(
  op: string,
  x: Tensor,
  given: Optional<"dim", number> | undefined,
  options: KeepdimOptions,
  skipsNaN: boolean,
): Tensor | ValuesAndIndices {
  const dim = optional<"dim", number | undefined>(given, "dim", undefined);
  const own = checkOptionsIn<DimOptions>(op, given, options, ["dim", "keepdim"]);
  if (dim !== undefined) return middleAlong(op, x, dimOf(x, op, dim), own, skipsNaN);
  if (x.numel() === 0) return x.sum().mul(Number.NaN);
  const { values } = middleAlong(op, x.reshape([x.numel()]), 0, {}, skipsNaN);
  if (!isFloatingPoint(x.dtype)) return values;
  const value = values.detach();
  return x.where(x.eq(value).logicalOr(x.isnan().logicalAnd(value.isnan())), Number.NEGATIVE_INFINITY).max();
}

function middleAlong(op: string, x: Tensor, dim: number, options: KeepdimOptions, skipsNaN: boolean): ValuesAndIndices {
  const count = x.shape[dim] ?? 1;
  if (count === 0) throw new ShapeError(op, [x.shape], `dimension ${dim} is empty`);
  const order = x.detach().argsort(dim);
  if (x.ndim === 0) return pick(x, dim, order, options);
  const found = x.isnan().logicalNot().sum(dim, { keepdim: true }); // NaN is sorted behind the numbers
  const last = found.sub(1).clamp(0);
  const place = skipsNaN ? last.floorDivide(2) : found.where(found.lt(count), Math.floor((count - 1) / 2));
  return pick(x, dim, order.gather(dim, place), options);
}

/** The most frequent element along a dimension (of several the smallest) and the last place it has. Default dim -1. */
export function mode(
  x: Tensor,
  dim?: Optional<"dim", number> | (KeepdimOptions & { readonly dim?: number | null }),
  options: KeepdimOptions = {},
): ValuesAndIndices {
  const at = dimOf(x, "mode", optional<"dim", number>(dim, "dim", -1));
  const own = checkOptionsIn<DimOptions>("mode", dim, options, ["dim", "keepdim"]);
  const count = x.shape[at] ?? 1;
  if (count === 0) throw new ShapeError("mode", [x.shape], `dimension ${at} is empty`);
  const numbers = (x.dtype === "bool" ? x.to("uint8") : x).detach();
  if (x.ndim === 0) return pick(x, at, numbers.argsort(0), own);
  const { values, indices } = numbers.sort(at);
  const place = arange(count, { dtype: "int32" }).reshape(x.shape.map((size, d) => (d === at ? size : 1)));
  const isNew = values.narrow(at, 1, count - 1).ne(values.narrow(at, 0, count - 1));
  const first = place.narrow(at, 0, 1).expand(x.shape.with(at, 1));
  const starts = cat([first, place.narrow(at, 1, count - 1).mul(isNew.to("int32"))], at);
  const length = place.sub(cummax(starts, at).values); // of a run of equal elements up to here
  return pick(x, at, indices.gather(at, length.argmax(at, { keepdim: true })), own);
}

export interface QuantileOptions extends KeepdimOptions {
  /** Default: all elements. */
  readonly dim?: number | null;
  /** Between two elements. Default "linear". */
  readonly interpolation?: "linear" | "lower" | "higher" | "midpoint" | "nearest";
}

const QUANTILE_OPTIONS = ["dim", "keepdim", "interpolation"] as const;

/**
 * The elements at fractions q of the sorted order, of all or along a dimension: with q [Q], a first dimension of size Q. NaN
 * where there is one among them.
 */
export function quantile(x: Tensor, q: number | Tensor, options: QuantileOptions = {}): Tensor {
  return quantiles("quantile", x, q, options, false);
}

/** The quantiles of the elements that are not NaN; NaN where there are none. */
export function nanquantile(x: Tensor, q: number | Tensor, options: QuantileOptions = {}): Tensor {
  return quantiles("nanquantile", x, q, options, true);
}

function quantiles(op: string, x: Tensor, q: number | Tensor, options: QuantileOptions, skipsNaN: boolean): Tensor {
  const { dim, keepdim = false, interpolation = "linear" } = checkOptions(op, options, QUANTILE_OPTIONS);
  if (x.numel() === 0) throw new ShapeError(op, [x.shape], "there is nothing to choose from");
  if (typeof q === "number" && !(q >= 0 && q <= 1)) throw new OutOfRangeError(op, `q is ${q} and must be in [0, 1]`);
  const fractions = typeof q === "number" ? tensor(q, { dtype: x.dtype }) : q;
  if (fractions.ndim > 1)
    throw new ShapeError(op, [x.shape, fractions.shape], "q must be a number or have one dimension");
  const { dims, shape } = over(x, op, dim, { keepdim });
  const kept = x.shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const rows = x.permute([...kept, ...dims]).reshape([...kept.map((d) => x.shape[d]!), -1]);
  const n = rows.shape.at(-1)!;
  const sorted = rows.sort(-1).values;

  const found = rows.isnan().logicalNot().sum(-1, { keepdim: true });
  const flat = fractions.reshape([fractions.numel()]); // [Q]
  const ranks = skipsNaN
    ? flat.mul(found.sub(1).clamp(0)) // [..., Q]
    : flat.mul(n - 1).where(found.eq(n), n - 1); // NaN is sorted last
  const at = (place: Tensor): Tensor => sorted.gather(rows.ndim - 1, place.detach().to("int32"));
  const values = between(ranks, at, interpolation); // [..., Q]
  const order = [rows.ndim - 1, ...kept.map((_, i) => i)];
  return values.permute(order).reshape([...fractions.shape, ...shape]);
}

function between(
  ranks: Tensor,
  at: (place: Tensor) => Tensor,
  interpolation: QuantileOptions["interpolation"],
): Tensor {
  if (interpolation === "lower") return at(ranks.floor());
  if (interpolation === "higher") return at(ranks.ceil());
  if (interpolation === "nearest") return at(ranks.round());
  const [below, above] = [at(ranks.floor()), at(ranks.ceil())];
  const weight = interpolation === "midpoint" ? 0.5 : ranks.sub(ranks.floor().detach());
  return below.add(above.sub(below).mul(weight));
}
