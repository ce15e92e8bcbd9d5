// Matrix products.

import { defineOp, type Meta } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import { permute } from "../core/layout.js";
import { broadcastLeading, numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { matmul as launch } from "../kernels/matmul.js";
import { functions } from "../kernels/pointwise/common.js";
import { assertFloat } from "./pointwise.js";

/** a [..., M, K] times b [..., K, N] -> [..., M, N]; leading dimensions broadcast. Shapes are checked in tensor/product. */
export const matmul = defineOp({
  name: "matmul",
  inputs: ["a", "b"],
  promotion: "common",
  shape: ({ a, b }) => {
    assertFloat("matmul", "an operand", a);
    return {
      shape: [...broadcastLeading("matmul", [a.shape, b.shape], 2), a.shape.at(-2)!, b.shape.at(-1)!],
      dtype: a.dtype,
    };
  },
  forward: ({ a, b }) => launch(a, b),
  saves: { a: ["b"], b: ["a"] },
  backward: {
    a: (dy, { b }, _, { a }) => dy.matmul(b.mT).sumToSize(a.shape),
    b: (dy, { a }, _, { b }) => a.mT.matmul(dy).sumToSize(b.shape),
  },
});

/** y = x w^T + bias: x [..., I], weight [O, I], bias [O] -> [..., O]. */
export const linear = defineOp({
  name: "linear",
  inputs: ["x", "weight", "bias"],
  promotion: "common",
  shape: ({ x, weight, bias }) => {
    assertFloat("linear", "x", x);
    checkLinear(x, weight);
    const [out] = weight.shape as [number];
    if (bias.shape.length !== 1 || bias.shape[0] !== out) {
      throw new ShapeError("linear", [weight.shape, bias.shape], `the bias must have ${out} elements`);
    }
    return { shape: [...x.shape.slice(0, -1), out], dtype: x.dtype };
  },
  forward: ({ x, weight, bias }, _, { shape, dtype }) => {
    const rows = x.shape.length === 1 ? x.reshape([1, ...x.shape]) : x;
    const y = launch(
      rows,
      weight.view((layout) => permute(layout, [1, 0])),
    );
    if (x.shape.length === 1) return NDArray.pointwise(functions.add, dtype, shape, [y.reshape(shape), bias]);
    return NDArray.pointwise(functions.add, dtype, shape, [y, bias]);
  },
  saves: { x: ["weight"], weight: ["x"] },
  backward: {
    x: (dy, { weight }) => dy.matmul(weight),
    weight: (dy, { x }, _, { weight }) => {
      const [out, features] = weight.shape as [number, number];
      return dy.reshape([-1, out]).mT.matmul(x.reshape([-1, features]));
    },
    bias: (dy, _, __, { bias }) => dy.sumToSize(bias.shape),
  },
});

/** Throws unless x is [..., I] and the weight [O, I]. */
export function checkLinear({ shape: x }: Meta, { shape: weight }: Meta): void {
  const [features, taken] = [x.at(-1), weight[1]];
  if (features === taken && weight.length === 2) return;
  const isUnflattened = x.length > 2 && numel(x.slice(1)) === taken;
  const disagreement =
    features === undefined || weight.length !== 2
      ? "x must be [..., I] and the weight [O, I]"
      : `x has ${features} features, the weight takes ${taken}`;
  throw new ShapeError("linear", [x, weight], disagreement, isUnflattened ? "x.flatten(1)" : undefined);
}
