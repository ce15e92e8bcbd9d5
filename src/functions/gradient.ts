// Derivatives of sampled functions.

import { checkTensor } from "../core/check.js";
import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { normalizeDims } from "../core/shape.js";
import { dimOf } from "../tensor/base.js";
import { cat } from "../tensor/join.js";
import type { Dims, Tensor } from "../tensor/tensor.js";

export interface GradientOptions {
  /** The distance of samples, one for all dimensions or for each; or, for each, where the samples lie: [size]. Default 1. */
  readonly spacing?: Spacing | readonly Spacing[] | null;
  /** Default: all dimensions. */
  readonly dim?: Dims | null;
  /** Of the one-sided differences at the ends: 1 (the default) or 2. */
  readonly edgeOrder?: number;
}

/** A distance between samples, or where they lie. */
type Spacing = Tensor | number;

/** Weights of the samples before, at and after a place. */
type Stencil = readonly [before: Spacing, at: Spacing, after: Spacing];

/**
 * The derivative along each dimension, by central differences inside and one-sided ones at the ends: a list of tensors of
 * x's shape. With unequal distances a and b to the neighbours, those are of second order:
 *   (a^2 x_(i+1) - b^2 x_(i-1) + (b^2 - a^2) x_i) / (a b (a + b))
 */
export function gradient(x: Tensor, { spacing, dim, edgeOrder = 1 }: GradientOptions = {}): Tensor[] {
  if (edgeOrder !== 1 && edgeOrder !== 2) {
    throw new OutOfRangeError("gradient", `edgeOrder is ${edgeOrder} and must be 1 or 2`);
  }
  const dims =
    dim === undefined || dim === null
      ? normalizeDims("gradient", undefined, x.ndim)
      : (typeof dim === "number" ? [dim] : dim).map((d) => dimOf(x, "gradient", d));
  const steps = Array.isArray(spacing) ? (spacing as readonly Spacing[]) : dims.map(() => (spacing as Spacing) ?? 1);
  if (steps.length !== dims.length) {
    const problem = `${steps.length} spacings for ${dims.length} dimensions`;
    throw new ShapeError("gradient", [x.shape], problem);
  }
  const samples = x.dtype.startsWith("float") ? x : x.to("float32");
  return dims.map((d, i) => along(samples, d, steps[i]!, edgeOrder));
}

function along(x: Tensor, dim: number, spacing: Spacing, edgeOrder: number): Tensor {
  const count = x.size(dim);
  if (count <= edgeOrder) {
    throw new ShapeError("gradient", [x.shape], `dimension ${dim} needs more than ${edgeOrder} samples`);
  }
  const isLine = typeof spacing !== "number" && spacing.ndim > 0;
  if (isLine) {
    checkTensor("gradient", spacing);
    if (spacing.ndim !== 1 || spacing.numel() !== count) {
      throw new ShapeError("gradient", [x.shape, spacing.shape], `places must be the ${count} of dimension ${dim}`);
    }
  }
  const places = isLine ? spacing.to(x.dtype).reshape(x.shape.map((_, d) => (d === dim ? count : 1))) : undefined;
  const gaps = places?.narrow(dim, 1, count - 1).sub(places.narrow(dim, 0, count - 1));
  /** The distances between three samples, as often as there are `length` from `start`. */
  const gap = (start: number, length: number): Spacing => gaps?.narrow(dim, start, length) ?? spacing;
  const three = (start: number, length: number, weights: Stencil): Tensor =>
    weights.map((weight, i) => x.narrow(dim, start + i, length).mul(weight)).reduce((sum, term) => sum.add(term));

  const slope = (start: number): Tensor =>
    x
      .narrow(dim, start + 1, 1)
      .sub(x.narrow(dim, start, 1))
      .div(gap(start, 1));
  const isFirst = edgeOrder === 1;
  const first = isFirst ? slope(0) : three(0, 1, atStart(gap(0, 1), gap(1, 1)));
  const last = isFirst ? slope(count - 2) : three(count - 3, 1, atEnd(gap(count - 3, 1), gap(count - 2, 1)));
  const inside = count > 2 ? [three(0, count - 2, central(gap(0, count - 2), gap(1, count - 2)))] : [];
  return cat([first, ...inside, last], dim);
}

function central(a: Spacing, b: Spacing): Stencil {
  const both = sum(a, b);
  return [
    negative(quotient(b, product(a, both))),
    quotient(sum(b, negative(a)), product(a, b)),
    quotient(a, product(b, both)),
  ];
}

function atStart(a: Spacing, b: Spacing): Stencil {
  const both = sum(a, b);
  const own = negative(quotient(sum(a, both), product(a, both)));
  return [own, quotient(both, product(a, b)), negative(quotient(a, product(b, both)))];
}

function atEnd(a: Spacing, b: Spacing): Stencil {
  const [before, at, after] = atStart(b, a);
  return [negative(after), negative(at), negative(before)];
}

function sum(a: Spacing, b: Spacing): Spacing {
  if (typeof a !== "number") return a.add(b);
  return typeof b === "number" ? a + b : b.add(a);
}

function product(a: Spacing, b: Spacing): Spacing {
  if (typeof a !== "number") return a.mul(b);
  return typeof b === "number" ? a * b : b.mul(a);
}

function quotient(a: Spacing, b: Spacing): Spacing {
  if (typeof a !== "number") return a.div(b);
  return typeof b === "number" ? a / b : b.reciprocal().mul(a);
}

function negative(a: Spacing): Spacing {
  return typeof a === "number" ? -a : a.neg();
}
