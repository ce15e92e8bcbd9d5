// Pooling by norms.

import { named } from "../../core/options.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type AvgPool1dOptions, type AvgPool2dOptions, avgPool1d, avgPool2d } from "./avg-pool.js";
import { type Size, type Size2d, sizes } from "./size.js";
import type { StrideOr } from "./window.js";

export type LpPool1dOptions = Pick<AvgPool1dOptions, "stride" | "ceilMode">;
export type LpPool2dOptions = Pick<AvgPool2dOptions, "stride" | "ceilMode">;

/** The p-norm of each window, (sum of x^p)^(1/p) with p = normType: [N, C, L] or [C, L] -> [..., OL]. */
export function lpPool1d(
  x: Tensor,
  normType: number,
  kernelSize: Size,
  stride?: StrideOr<Size, LpPool1dOptions>,
): Tensor {
  const means = avgPool1d(x.pow(normType), kernelSize, named<LpPool1dOptions>(stride, "stride"));
  return norms(means, normType, sizes("lpPool1d", "kernelSize", kernelSize, 1));
}

/** The p-norm of each window, (sum of x^p)^(1/p) with p = normType: [N, C, H, W] or [C, H, W] -> [..., OH, OW]. */
export function lpPool2d(
  x: Tensor,
  normType: number,
  kernelSize: Size2d,
  stride?: StrideOr<Size2d, LpPool2dOptions>,
): Tensor {
  const means = avgPool2d(x.pow(normType), kernelSize, named<LpPool2dOptions>(stride, "stride"));
  return norms(means, normType, sizes("lpPool2d", "kernelSize", kernelSize, 2));
}

/** As in PyTorch, windows that reach over the end count as whole ones. */
function norms(means: Tensor, p: number, kernel: readonly number[]): Tensor {
  const count = kernel.reduce((n, size) => n * size, 1);
  return means
    .sign()
    .mul(means.abs().relu()) // relu: the derivative of |x| at 0 is not 0 / 0
    .mul(count)
    .pow(1 / p);
}
