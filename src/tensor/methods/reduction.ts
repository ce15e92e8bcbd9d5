// Methods of tensors that reduce dimensions.

import type { DType } from "../../core/dtype.js";
import { optional, optionsIn } from "../../core/options.js";
import * as extremes from "../../ops/extremes.js";
import * as reduction from "../../ops/reduction.js";
import * as scans from "../../ops/scan.js";
import { dimOf } from "../base.js";
import { apply } from "../construct.js";
import type { NormOptions, Order } from "../reduction.js";
import * as reductions from "../reduction.js";
import type { ValuesAndIndices } from "../sorting.js";
import { deviation, type VarianceOptions, variance } from "../statistics.js";
import type { Tensor } from "../tensor.js";
import { ElementaryMethods } from "./elementary.js";

/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];

export interface KeepdimOptions {
  /** Keeps reduced dimensions, with size 1. Default false. */
  readonly keepdim?: boolean;
}

export interface ReductionOptions extends KeepdimOptions {
  /** What the input is converted to first, and what the result is. */
  readonly dtype?: DType | null;
}

type WithDims<Options> = Options & { readonly dim?: Dims | null };

// biome-ignore format: one line per method
export abstract class ReductionMethods extends ElementaryMethods {
  /** The sum of all elements, or over dimensions; of integers and bools in int32. */
  sum(dim?: Dims | WithDims<ReductionOptions> | null, options: ReductionOptions = {}): Tensor { return reductions.sum(this.self, dim, options); }
  /** The product of all elements, or over dimensions; of integers and bools in int32. */
  prod(dim?: Dims | WithDims<ReductionOptions> | null, options: ReductionOptions = {}): Tensor { return reductions.prod(this.self, dim, options); }
  /** sum / count of all elements, or over dimensions; NaN of none. Integers throw unless `dtype` is floating point. */
  mean(dim?: Dims | WithDims<ReductionOptions> | null, options: ReductionOptions = {}): Tensor { return reductions.mean(this.self, dim, options); }
  /** The largest element over dimensions; equal ones share the gradient. */
  amax(dim?: Dims | WithDims<KeepdimOptions> | null, options: KeepdimOptions = {}): Tensor { return reductions.extreme("amax", this.self, reductions.over(this, "amax", dim, options)); }
  /** The smallest element over dimensions; equal ones share the gradient. */
  amin(dim?: Dims | WithDims<KeepdimOptions> | null, options: KeepdimOptions = {}): Tensor { return reductions.extreme("amin", this.self, reductions.over(this, "amin", dim, options)); }
  /** Where the first largest element along `dim` is, int32; NaN counts as largest. Without `dim`, in row-major order of all. */
  argmax(dim?: number | { readonly dim?: number | null; readonly keepdim?: boolean } | null, options: KeepdimOptions = {}): Tensor { return apply(extremes.argmax, [this], reductions.over(this, "argmax", dim, options)); }
  /** Where the first smallest element along `dim` is, int32; NaN counts as smallest. Without `dim`, in row-major order of all. */
  argmin(dim?: number | { readonly dim?: number | null; readonly keepdim?: boolean } | null, options: KeepdimOptions = {}): Tensor { return apply(extremes.argmin, [this], reductions.over(this, "argmin", dim, options)); }
  /** The largest element; along a dimension, with the index of the first one; with another tensor, `maximum`. */
  max(): Tensor;
  max(other: Tensor): Tensor;
  max(dim: number | { readonly dim: number; readonly keepdim?: boolean }, options?: KeepdimOptions): ValuesAndIndices;
  max(given?: number | { readonly dim: number; readonly keepdim?: boolean } | Tensor, options: KeepdimOptions = {}): Tensor | ValuesAndIndices { return reductions.maxOrMin("max", this.self, given, options); }
  /** The smallest element; along a dimension, with the index of the first one; with another tensor, `minimum`. */
  min(): Tensor;
  min(other: Tensor): Tensor;
  min(dim: number | { readonly dim: number; readonly keepdim?: boolean }, options?: KeepdimOptions): ValuesAndIndices;
  min(given?: number | { readonly dim: number; readonly keepdim?: boolean } | Tensor, options: KeepdimOptions = {}): Tensor | ValuesAndIndices { return reductions.maxOrMin("min", this.self, given, options); }
  /** Squared distance from the mean, summed and divided by n - correction (default 1). */
  var(dim?: Dims | WithDims<VarianceOptions> | null, options: VarianceOptions = {}): Tensor { return variance("var", this.self, dim, options); }
  /** The root of the variance; its gradient is 0 where that is 0. */
  std(dim?: Dims | WithDims<VarianceOptions> | null, options: VarianceOptions = {}): Tensor { return deviation("std", this.self, dim, options); }
  /** (sum of |x|^p)^(1/p) of all elements, or over dimensions. Default p 2, "fro". */
  norm(p?: Order | (NormOptions & { readonly p?: Order | null }) | null, options: NormOptions = {}): Tensor { return reductions.norm("norm", this.self, optional<"p", Order>(p, "p", 2), optionsIn(p, options)); }
  /** log of the sum of exp(x) over dimensions, without overflow. */
  logsumexp(dim: Dims, options: KeepdimOptions = {}): Tensor { return apply(reduction.logsumexp, [this], reductions.over(this, "logsumexp", dim, options)); }
  /** Whether all elements are nonzero. */
  all(dim?: Dims | WithDims<KeepdimOptions> | null, options: KeepdimOptions = {}): Tensor { return reductions.truth("all", this.self, dim, options); }
  /** Whether any element is nonzero. */
  any(dim?: Dims | WithDims<KeepdimOptions> | null, options: KeepdimOptions = {}): Tensor { return reductions.truth("any", this.self, dim, options); }
  /** The sum of the elements up to each one along `dim`; of integers and bools in int32. */
  cumsum(dim: number, { dtype }: { readonly dtype?: DType | null } = {}): Tensor { return reductions.accumulate(this.self, dtype, (x) => x.cumsumAs({ dim: dimOf(this, "cumsum", dim) })); }
  /** @internal */
  cumsumAs(attributes: scans.ScanAttributes): Tensor { return apply(scans.cumsum, [this], attributes); }
  /** @internal */
  cumprodAs(attributes: scans.ScanAttributes): Tensor { return apply(scans.cumprod, [this], attributes); }
  /** @internal h_d = x_d h_(d-1) + b_d */
  recurrence(b: Tensor, attributes: scans.ScanAttributes): Tensor { return apply(scans.recurrence, [this, b], attributes); }
}
