// Reductions made of others.

import { ShapeError } from "../core/errors.js";
import { normalizeDims } from "../core/shape.js";
import { assertFloat } from "../ops/pointwise.js";
import type { Dims, KeepdimOptions, Tensor } from "./tensor.js";

export interface VarianceOptions extends KeepdimOptions {
  /** What is subtracted from the number of elements in the divisor: 1 (the default) for a sample, 0 for a population. */
  readonly correction?: number;
}

/** sum((x - mean)^2) / (n - correction), in two passes: no cancellation however large the mean is. */
export function variance(
  op: "var" | "std",
  x: Tensor,
  dim: Dims | null | undefined,
  { correction = 1, keepdim = false }: VarianceOptions,
): Tensor {
  assertFloat(op, "x", x);
  const dims = normalizeDims(op, dim ?? undefined, x.ndim);
  const count = dims.reduce((n, d) => n * x.shape[d]!, 1);
  const distance = x.sub(x.mean(dims, { keepdim: true }));
  return distance
    .square()
    .sum(dims, { keepdim })
    .div(Math.max(count - correction, 0));
}

/** The largest or smallest elements along a dimension and their first indices; the gradient goes to those alone. */
export function extremum(
  op: "max" | "min",
  x: Tensor,
  dim: number,
  keepdim = false,
): { values: Tensor; indices: Tensor } {
  const find = `arg${op}` as const;
  if (x.ndim === 0) return { values: x.clone(), indices: x[find]() };
  if (x.shape[dim] === 0) throw new ShapeError(op, [x.shape], `dimension ${dim} is empty`);
  const indices = x[find](dim, { keepdim: true });
  const values = x.gather(dim, indices);
  return keepdim
    ? { values, indices }
    : { values: values.squeeze(dim).asBase(), indices: indices.squeeze(dim).asBase() };
}
