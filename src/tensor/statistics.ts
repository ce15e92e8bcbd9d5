// Variance and its root.

import { isOptions } from "../core/options.js";
import { assertFloat } from "../ops/pointwise.js";
import { type GivenDims, over } from "./reduction.js";
import type { KeepdimOptions, Tensor } from "./tensor.js";

export interface VarianceOptions extends KeepdimOptions {
  /** What is subtracted from the number of elements in the divisor: 1 (the default) for a sample, 0 for a population. */
  readonly correction?: number | null;
  /** false: correction 0. */
  readonly unbiased?: boolean;
}

/** sum((x - mean)^2) / (n - correction), in two passes: no cancellation however large the mean is. */
export function variance(op: string, x: Tensor, given: GivenDims | undefined, options: VarianceOptions): Tensor {
  assertFloat(op, "x", x);
  const { correction, unbiased = true, keepdim = false } = isOptions<VarianceOptions>(given) ? given : options;
  const { dims } = over(x, op, given, options);
  const count = dims.reduce((n, d) => n * x.shape[d]!, 1);
  const y = x.to("float32"); // squares of float16 overflow soon
  return y
    .sub(y.mean(dims, { keepdim: true }))
    .square()
    .sum(dims, { keepdim })
    .div(Math.max(count - (correction ?? (unbiased ? 1 : 0)), 0))
    .to(x.dtype);
}

/** The root of the variance; where that is 0 the gradient is 0, as in PyTorch. */
export function deviation(op: string, x: Tensor, given: GivenDims | undefined, options: VarianceOptions): Tensor {
  return rootOrZero(variance(op, x, given, options));
}

/** sqrt(x), whose derivative at 0 is taken to be 0. */
function rootOrZero(x: Tensor): Tensor {
  const positive = x.ne(0);
  return x.where(positive, 1).sqrt().where(positive, 0);
}
