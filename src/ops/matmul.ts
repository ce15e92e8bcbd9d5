// Matrix products.

import { defineOp } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import { permute } from "../core/layout.js";
import { broadcastShapes, numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { matmul as launch } from "../kernels/matmul.js";
import { functions } from "../kernels/pointwise/common.js";
import { assertFloat } from "./pointwise.js";

/** a [..., M, K] times b [..., K, N] -> [..., M, N]; leading dimensions broadcast. */
export const matmul = defineOp({
  name: "matmul",
  inputs: ["a", "b"],
  promotion: "common",
  shape: ({ a, b }) => {
    assertFloat("matmul", "an operand", a);
    const [m, k] = a.shape.slice(-2) as [number, number];
    const [k2, n] = b.shape.slice(-2) as [number, number];
    if (k !== k2) {
      const fix = n === k ? "transpose the second: b.mT" : m === k2 ? "transpose the first: a.mT" : undefined;
      throw new ShapeError("matmul", [a.shape, b.shape], `inner dimensions are ${k} vs ${k2}`, fix);
    }
    return { shape: [...broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n], dtype: a.dtype };
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
    const [out, features] = weight.shape as [number, number];
    if (x.shape.at(-1) !== features) {
      const shapes = [x.shape, weight.shape];
      const disagreement = `x has ${x.shape.at(-1)} features, the weight takes ${features}`;
      const isUnflattened = x.shape.length > 2 && numel(x.shape.slice(1)) === features;
      throw new ShapeError("linear", shapes, disagreement, isUnflattened ? "x.flatten(1)" : undefined);
    }
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
