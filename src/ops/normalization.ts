// Normalization by statistics of each channel.

import { isGradEnabled } from "../autograd/modes.js";
import { defineMultiOp } from "../autograd/multi-op.js";
import { defineOp } from "../autograd/op.js";
import { select } from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { channelMoments, type Running } from "../kernels/channel-moments.js";
import { functions } from "../kernels/pointwise/common.js";
import type { PointwiseFunction } from "../kernels/pointwise/function.js";
import { sums } from "../kernels/reduce.js";
import type { Tensor } from "../tensor/tensor.js";
import { callOfFour } from "./math.js";
import { countOf } from "./reduction.js";

interface BatchNormAttributes {
  readonly eps: number;
  /** Statistics that move towards the batch's. */
  readonly running?: Running | undefined;
}

/**
 * y = xhat weight + bias, where xhat = (x - mean) rstd and rstd = 1 / sqrt(variance + eps) are those of each channel of
 * float32 x [N, C, ...], which is not empty; weight and bias are [C], or numbers.
 *
 * With means over the n elements of a channel:   dx = weight rstd (dy - mean(dy) - xhat mean(dy xhat))
 * (Ioffe and Szegedy, "Batch normalization", 2015; the variance is the biased one).
 */
export const batchNorm = defineOp({
  name: "batchNorm",
  inputs: ["x", "weight", "bias"],
  extras: ["mean", "rstd"],
  shape: ({ x }, _attributes: BatchNormAttributes) => x,
  forward: ({ x, weight, bias }, { eps, running }) => {
    const { mean, rstd } = channelMoments(x, eps, running);
    const operands = [mean, rstd, weight, bias].map((array) => array.reshape(perChannel(x, array)));
    return { output: NDArray.pointwise(scaledAndShifted, x.dtype, x.shape, [x, ...operands]), mean, rstd };
  },
  saves: ["x", "weight"],
  backward: (dy, { x, weight, mean, rstd }, { eps }) => {
    if (isGradEnabled()) return recorded(dy, x, weight, eps);
    const [dx, dweight, dbias] = dy.batchNormGradient(x, weight, mean, rstd) as [Tensor, Tensor, Tensor];
    return { x: dx, weight: dweight, bias: dbias };
  },
});

/** As [C, 1, ...], which broadcasts to x; numbers stay as they are. */
function perChannel(x: { readonly shape: Shape }, { shape }: { readonly shape: Shape }): Shape {
  return shape.length === 0 ? [] : [x.shape[1]!, ...x.shape.slice(2).map(() => 1)];
}

/** All dimensions but that of the channels. */
function withinChannels({ shape }: { readonly shape: Shape }): number[] {
  return shape.map((_, d) => d).filter((d) => d !== 1);
}

/** The derivatives when they are themselves recorded: with the statistics as functions of x. */
function recorded(dy: Tensor, x: Tensor, weight: Tensor, eps: number): { x: Tensor; weight: Tensor; bias: Tensor } {
  const dims = withinChannels(x);
  const mean = (y: Tensor): Tensor => y.mean(dims, { keepdim: true });
  const centred = x.sub(mean(x));
  const rstd = mean(centred.square()).add(eps).rsqrt();
  const xhat = centred.mul(rstd);
  const g = dy.mul(weight.reshape(perChannel(x, weight)));
  return {
    x: g
      .sub(mean(g))
      .sub(xhat.mul(mean(g.mul(xhat))))
      .mul(rstd),
    weight: dy.mul(xhat).sum(dims),
    bias: dy.sum(dims),
  };
}

/** All derivatives of batchNorm, where they are not recorded: it has no derivative of its own. */
export const batchNormGradient = defineMultiOp({
  name: "batchNormGradient",
  inputs: ["dy", "x", "weight", "mean", "rstd"],
  outputs: ["dx", "dweight", "dbias"],
  shape: ({ x, mean }) => ({ dx: x, dweight: mean, dbias: mean }),
  forward: ({ dy, x, weight, mean, rstd }) => {
    const { shape, dtype } = x;
    const dims = withinChannels(x);
    const [m, r, w] = [mean, rstd, weight].map((array) => array.reshape(perChannel(x, array))) as [
      NDArray,
      NDArray,
      NDArray,
    ];
    const [dbias, dweight] = normSums(dy, x, m, r, dims, mean.shape);
    const [ofDy, along] = [dbias, dweight].map((array) => array.reshape(m.shape)) as [NDArray, NDArray];
    const share = NDArray.constant(1 / countOf(shape, dims), dtype);
    const dx = NDArray.pointwise(gradient, dtype, shape, [dy, x, w, m, r, ofDy, along, share]);
    return { dx, dweight, dbias };
  },
});

const gradient: PointwiseFunction = {
  name: "batchNormGradient",
  wgsl: ([dy, x, weight, mean, rstd, ofDy, along, share]) => {
    return `${weight} * ${rstd} * (${dy} - ${ofDy} * ${share} - (${x} - ${mean}) * ${rstd} * (${along} * ${share}))`;
  },
};

/** The sums of dy and of dy xhat over `dims`, where xhat = (x - mean) rstd. */
export function normSums(
  dy: NDArray,
  x: NDArray,
  mean: NDArray,
  rstd: NDArray,
  dims: readonly number[],
  shape: Shape,
): [ofDy: NDArray, along: NDArray] {
  const along = NDArray.pointwise(alongXhat, dy.dtype, dy.shape, [dy, x, mean, rstd]);
  const both = sums([dy, along], dims, shape);
  return [0, 1].map((k) => both.view((layout) => select(layout, 0, k))) as [NDArray, NDArray];
}

const alongXhat: PointwiseFunction = {
  name: "alongXhat",
  wgsl: ([dy, x, mean, rstd]) => `${dy} * ((${x} - ${mean}) * ${rstd})`,
};

/** y = (x - mean) / sqrt(variance + eps) * weight + bias by given statistics; all but x broadcast. */
export const normalize = defineOp({
  name: "normalize",
  inputs: ["x", "mean", "variance", "weight", "bias"],
  shape: ({ x }, _eps: number) => x,
  forward: ({ x, mean, variance, weight, bias }, eps, { dtype }) => {
    const shifted = NDArray.pointwise(functions.add, dtype, variance.shape, [variance, NDArray.constant(eps, dtype)]);
    const rstd = NDArray.pointwise({ name: "rsqrt", ...pointwiseCall }, dtype, variance.shape, [shifted]);
    return NDArray.pointwise(scaledAndShifted, dtype, x.shape, [x, mean, rstd, weight, bias]);
  },
  saves: { x: ["variance", "weight"], weight: ["x", "mean", "variance"] },
  backward: {
    x: (dy, { variance, weight }, eps) => dy.mul(weight).mul(variance.add(eps).rsqrt()),
    weight: (dy, { x, mean, variance }, eps, { weight }) => {
      return dy.mul(x.sub(mean).mul(variance.add(eps).rsqrt())).sumToSize(weight.shape);
    },
    bias: (dy, _, __, { bias }) => dy.sumToSize(bias.shape),
  },
});

/** (x - mean) rstd weight + bias as one function: half of it would read x again, if what it is made of must be kept. */
const scaledAndShifted: PointwiseFunction = {
  name: "scaledAndShifted",
  wgsl: ([x, mean, rstd, weight, bias]) => `(${x} - ${mean}) * ${rstd} * ${weight} + ${bias}`,
};

const pointwiseCall = (() => {
  const { wgsl, imports } = callOfFour("1.0 / sqrt_");
  return { imports, wgsl: ([x]: readonly string[], to: Parameters<typeof wgsl>[0]) => wgsl(to, x!) };
})();
