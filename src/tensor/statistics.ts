// Reductions made of others.

import { ShapeError } from "../core/errors.js";
import type { KeepdimOptions, Tensor } from "./tensor.js";

export interface VarianceOptions extends KeepdimOptions {
  /** What is subtracted from the number of elements in the divisor: 1 (the default) for a sample, 0 for a population. */
  readonly correction?: number;
}

/** sum((x - mean)^2) / (n - correction), in two passes: no cancellation however large the mean is. */
export function variance(
  x: Tensor,
  dims: readonly number[],
  { correction = 1, keepdim = false }: VarianceOptions,
): Tensor {
  const count = dims.reduce((n, d) => n * x.shape[d]!, 1);
  const distance = x.sub(x.mean(dims, { keepdim: true }));
  return distance
    .square()
    .sum(dims, { keepdim })
    .div(Math.max(count - correction, 0));
}

/** The largest or smallest elements along a dimension and their first indices; the gradient goes to those alone. */
export function extremum(
  x: Tensor,
  dim: number,
  keepdim: boolean,
  find: "argmax" | "argmin",
): { values: Tensor; indices: Tensor } {
  if (x.ndim === 0) return { values: x.clone(), indices: x[find]() };
  if (x.shape[dim] === 0) throw new ShapeError(find, [x.shape], `dimension ${dim} is empty`);
  const indices = x[find](dim, { keepdim: true });
  const values = x.gather(dim, indices);
  return keepdim ? { values, indices } : { values: values.squeeze(dim), indices: indices.squeeze(dim) };
}
