// Losses of single elements.

import { defineOp } from "../autograd/op.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { PointwiseFunction } from "../kernels/pointwise/function.js";
import file from "../kernels/wgsl/shared/binary-loss.js";
import type { Tensor } from "../tensor/tensor.js";
import { call } from "./math.js";
import { assertFloat, binary, unary } from "./pointwise.js";

/** d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2). */
export const huber = unary<{ readonly delta: number }>({
  name: "huberLoss",
  floatOnly: true,
  wgsl: (_, d, delta) => {
    return `select(${delta} * (abs(${d}) - 0.5 * ${delta}), 0.5 * ${d} * ${d}, abs(${d}) <= ${delta})`;
  },
  numbers: ({ delta }) => [delta],
  saves: ["x"],
  backward: (dy, { x }, { delta }) => dy.mul(x.clamp(-delta, delta)),
});

/** d^2 / (2 beta) for |d| < beta, else |d| - beta / 2. */
export const smoothL1 = unary<{ readonly beta: number }>({
  name: "smoothL1Loss",
  floatOnly: true,
  wgsl: (_, d, beta) => {
    return `select(abs(${d}) - 0.5 * ${beta}, 0.5 * ${d} * ${d} / ${beta}, abs(${d}) < ${beta})`;
  },
  numbers: ({ beta }) => [beta],
  saves: ["x"],
  backward: (dy, { x }, { beta }) => dy.mul(x.clamp(-beta, beta)).div(beta),
});

/** log(1 + exp(x)), and infinite where exp(x) is, as PyTorch's soft margin loss: that is for x of moderate size. */
export const softMargin = unary({
  name: "softMarginLoss",
  floatOnly: true,
  ...call("soft_margin", file),
  saves: ["x"],
  backward: (dy, { x }) => {
    const e = x.exp();
    return dy.mul(e.div(e.add(1)));
  },
});

/** -t log x - (1 - t) log(1 - x) of a probability x (here a) and a target t (b), with logarithms of -100 at least. */
export const binaryCrossEntropy = binary({
  name: "binaryCrossEntropy",
  ...call("cross_entropy_of_probability", file),
  saves: { a: ["a", "b"], b: ["a"] },
  backward: {
    a: (dy, { a, b }) => dy.mul(a.sub(b)).div(a.neg().add(1).mul(a).clamp(1e-12)), // PyTorch's bound
    b: (dy, { a }) => dy.mul(a.neg().log1p().sub(a.log())),
  },
});

/**
 * -t w log(sigmoid(x)) - (1 - t) log(sigmoid(-x)). The derivative with respect to x is (1 - t) sigmoid(x) - t w sigmoid(-x),
 * where nothing cancels.
 */
export const binaryCrossEntropyWithLogits = defineOp({
  name: "binaryCrossEntropyWithLogits",
  inputs: ["x", "target", "weight"],
  promotion: "common",
  shape: ({ x, target, weight }) => {
    assertFloat("binaryCrossEntropyWithLogits", "the input", x);
    const shape = broadcastShapes("binaryCrossEntropyWithLogits", x.shape, target.shape);
    return { shape: broadcastShapes("binaryCrossEntropyWithLogits", shape, weight.shape), dtype: x.dtype };
  },
  forward: ({ x, target, weight }, _, { shape, dtype }) => {
    return NDArray.pointwise(ofLogits, dtype, shape, [x, target, weight]);
  },
  saves: { x: ["x", "target", "weight"], target: ["x", "weight"], weight: ["x", "target"] },
  backward: {
    x: (dy, { x, target, weight }, _, metas) => {
      const above = target.neg().add(1).mul(x.sigmoid());
      const below = target.mul(weight).mul(x.neg().sigmoid());
      return dy.mul(above.sub(below)).sumToSize(metas.x.shape);
    },
    target: (dy, { x, weight }, _, metas) => {
      return dy.mul(weight.sub(1).mul(costOfOne(x)).sub(x)).sumToSize(metas.target.shape);
    },
    weight: (dy, { x, target }, _, metas) => dy.mul(target.mul(costOfOne(x))).sumToSize(metas.weight.shape),
  },
});

const { wgsl, ...rest } = call("cross_entropy_of_logit", file);
const ofLogits: PointwiseFunction = {
  name: "binaryCrossEntropyWithLogits",
  wgsl: (args, to) => wgsl(to, ...args),
  ...rest,
};

/** -log(sigmoid(x)) */
function costOfOne(x: Tensor): Tensor {
  return x.neg().clamp(0).add(x.abs().neg().exp().log1p());
}
