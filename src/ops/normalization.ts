// Normalization by statistics of the input.

import { isGradEnabled } from "../autograd/modes.js";
import { defineOp } from "../autograd/op.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import type { Tensor } from "../tensor/tensor.js";
import { callOfFour } from "./math.js";

interface NormAttributes {
  /** Dimensions the statistics are taken over. */
  readonly dims: readonly number[];
  readonly eps: number;
  /** Whether mean and variance are those of x, so that they change with it. */
  readonly isOwnStatistics: boolean;
}

/**
 * y = (x - mean) / sqrt(variance + eps) * weight + bias, all but x broadcast.
 *
 * With own statistics, n elements per statistic and xhat = (x - mean) / sqrt(variance + eps):
 *   dx = weight / sqrt(variance + eps) (dy - mean(dy) - xhat mean(dy xhat))
 * (Ioffe and Szegedy, "Batch normalization", 2015; the variance is the biased one).
 */
export const normalize = defineOp({
  name: "normalize",
  inputs: ["x", "mean", "variance", "weight", "bias"],
  shape: ({ x }, _attributes: NormAttributes) => x,
  forward: ({ x, mean, variance, weight, bias }, { eps }, { shape, dtype }) => {
    const stats = variance.shape;
    const shifted = NDArray.pointwise(functions.add, dtype, stats, [variance, NDArray.constant(eps, dtype)]);
    const rstd = NDArray.pointwise({ name: "rsqrt", ...pointwiseCall }, dtype, stats, [shifted]);
    const centred = NDArray.pointwise(functions.sub, dtype, shape, [x, mean]);
    const scaled = NDArray.pointwise(functions.mul, dtype, shape, [centred, rstd]);
    const weighted = NDArray.pointwise(functions.mul, dtype, shape, [scaled, weight]);
    return NDArray.pointwise(functions.add, dtype, shape, [weighted, bias]);
  },
  saves: { x: ["x", "mean", "variance", "weight"], weight: ["x", "mean", "variance"] },
  backward: {
    x: (dy, { x, mean, variance, weight }, attributes) => {
      const { xhat, rstd } = normalized(x, mean, variance, attributes);
      const g = dy.mul(weight);
      if (!attributes.isOwnStatistics) return g.mul(rstd);
      const { dims } = attributes;
      const along = xhat.mul(g.mul(xhat).mean(dims, { keepdim: true }));
      return g
        .sub(g.mean(dims, { keepdim: true }))
        .sub(along)
        .mul(rstd);
    },
    weight: (dy, { x, mean, variance }, attributes, { weight }) => {
      return dy.mul(normalized(x, mean, variance, attributes).xhat).sumToSize(weight.shape);
    },
    bias: (dy, _, __, { bias }) => dy.sumToSize(bias.shape),
  },
});

const pointwiseCall = (() => {
  const { wgsl, imports } = callOfFour("1.0 / sqrt_");
  return { imports, wgsl: ([x]: readonly string[], to: Parameters<typeof wgsl>[0]) => wgsl(to, x!) };
})();

/** xhat and 1 / sqrt(variance + eps); when this is itself recorded, statistics of x are computed anew, as functions of x. */
function normalized(
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  { dims, eps, isOwnStatistics }: NormAttributes,
): { xhat: Tensor; rstd: Tensor } {
  const isRecorded = isGradEnabled() && isOwnStatistics;
  const m = isRecorded ? x.mean(dims, { keepdim: true }) : mean;
  const v = isRecorded ? x.sub(m).square().mean(dims, { keepdim: true }) : variance;
  const rstd = v.add(eps).rsqrt();
  return { xhat: x.sub(m).mul(rstd), rstd };
}
