// Methods of tensors that reduce dimensions.

import { isFloatingPoint } from "../../core/dtype.js";
import { normalizeDims, reduceShape } from "../../core/shape.js";
import * as reduction from "../../ops/reduction.js";
import { dimOf, type TensorBase } from "../base.js";
import { apply } from "../construct.js";
import { extremum, type VarianceOptions, variance } from "../statistics.js";
import type { Tensor } from "../tensor.js";
import { ElementaryMethods } from "./elementary.js";

/** One dimension or several; negative ones count from the end. */
export type Dims = number | readonly number[];

export interface KeepdimOptions {
  /** Keeps reduced dimensions, with size 1. Default false. */
  readonly keepdim?: boolean;
}

// biome-ignore format: one line per method
export abstract class ReductionMethods extends ElementaryMethods {
  sum(dim?: Dims | null, options: KeepdimOptions = {}): Tensor {
    const x = isFloatingPoint(this.dtype) ? this.self : this.self.to("int32");
    return apply(reduction.sum, [x], reduced(this, "sum", dim, options));
  }
  mean(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.mean, [this], reduced(this, "mean", dim, options)); }
  amax(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.amax, [this], reduced(this, "amax", dim, options)); }
  amin(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.amin, [this], reduced(this, "amin", dim, options)); }
  argmax(dim?: number | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.argmax, [this], reduced(this, "argmax", dim, options)); }
  argmin(dim?: number | null, options: KeepdimOptions = {}): Tensor { return apply(reduction.argmin, [this], reduced(this, "argmin", dim, options)); }
  /** The largest element; along a dimension, with the index of the first one. */
  max(): Tensor;
  max(dim: number, options?: KeepdimOptions): { values: Tensor; indices: Tensor };
  max(dim?: number, options: KeepdimOptions = {}): Tensor | { values: Tensor; indices: Tensor } {
    return dim === undefined ? apply(reduction.amax, [this], { ...reduced(this, "max", dim, {}), op: "max" }) : extremum("max", this.self, dimOf(this, "max", dim), options.keepdim);
  }
  /** The smallest element; along a dimension, with the index of the first one. */
  min(): Tensor;
  min(dim: number, options?: KeepdimOptions): { values: Tensor; indices: Tensor };
  min(dim?: number, options: KeepdimOptions = {}): Tensor | { values: Tensor; indices: Tensor } {
    return dim === undefined ? apply(reduction.amin, [this], { ...reduced(this, "min", dim, {}), op: "min" }) : extremum("min", this.self, dimOf(this, "min", dim), options.keepdim);
  }
  /** Mean squared distance from the mean, divided by n - correction (default 1). */
  var(dim?: Dims | null, options: VarianceOptions = {}): Tensor { return variance("var", this.self, dim, options); }
  std(dim?: Dims | null, options: VarianceOptions = {}): Tensor { return variance("std", this.self, dim, options).sqrt(); }
  /** Whether all elements are nonzero. */
  all(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return this.ne(0).to("uint8").amin(dim, options).to("bool"); }
  /** Whether any element is nonzero. */
  any(dim?: Dims | null, options: KeepdimOptions = {}): Tensor { return this.ne(0).to("uint8").amax(dim, options).to("bool"); }
}

function reduced(
  { shape }: TensorBase,
  op: string,
  dim: Dims | null | undefined,
  { keepdim = false }: KeepdimOptions,
): reduction.ReductionAttributes {
  const dims = normalizeDims(op, dim ?? undefined, shape.length);
  return { dims, shape: reduceShape(shape, dims, keepdim) };
}
