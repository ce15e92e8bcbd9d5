// The larger and the smaller of two numbers, and numbers kept within bounds.

import { defineOp } from "../autograd/op.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { isNaNExpression, type PointwiseFunction, type ValueType } from "../kernels/pointwise/function.js";
import type { Tensor } from "../tensor/tensor.js";
import { binary } from "./pointwise.js";

/** The larger of a and b; NaN if either is. Where they are equal each gets half of the gradient. */
export const maximum = binary({
  name: "maximum",
  promotion: "choice",
  wgsl: larger,
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => shared(dy, a, b).where(a.lt(b).logicalNot(), 0),
    b: (dy, { a, b }) => shared(dy, a, b).where(a.gt(b).logicalNot(), 0),
  },
});

/** The smaller of a and b; NaN if either is. Where they are equal each gets half of the gradient. */
export const minimum = binary({
  name: "minimum",
  promotion: "choice",
  wgsl: smaller,
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => shared(dy, a, b).where(a.gt(b).logicalNot(), 0),
    b: (dy, { a, b }) => shared(dy, a, b).where(a.lt(b).logicalNot(), 0),
  },
});

/** Half of the gradient where the operands are equal. */
function shared(dy: Tensor, a: Tensor, b: Tensor): Tensor {
  return dy.mul(0.5).where(a.eq(b), dy);
}

/** The larger of a and b; NaN only if both are. Where they are equal a gets the gradient. */
export const fmax = binary({
  name: "fmax",
  promotion: "choice",
  wgsl: (type, a, b) => unlessNaN(type, larger(type, a, b), a, b),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.where(a.ge(b).logicalOr(b.isnan()), 0),
    b: (dy, { a, b }) => dy.where(a.ge(b).logicalOr(b.isnan()).logicalNot(), 0),
  },
});

/** The smaller of a and b; NaN only if both are. Where they are equal a gets the gradient. */
export const fmin = binary({
  name: "fmin",
  promotion: "choice",
  wgsl: (type, a, b) => unlessNaN(type, smaller(type, a, b), a, b),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.where(a.le(b).logicalOr(b.isnan()), 0),
    b: (dy, { a, b }) => dy.where(a.le(b).logicalOr(b.isnan()).logicalNot(), 0),
  },
});

/** x, and at least min; NaN if either is. The gradient goes to x where x >= min, else to min. */
export const clampMin = binary({
  name: "clampMin",
  wgsl: larger,
  saves: ["a", "b"],
  backward: { a: (dy, { a, b }) => dy.where(a.ge(b), 0), b: (dy, { a, b }) => dy.where(a.lt(b), 0) },
});

/** x, and at most max; NaN if either is. The gradient goes to x where x <= max, else to max. */
export const clampMax = binary({
  name: "clampMax",
  wgsl: smaller,
  saves: ["a", "b"],
  backward: { a: (dy, { a, b }) => dy.where(a.le(b), 0), b: (dy, { a, b }) => dy.where(a.gt(b), 0) },
});

/** min(max(x, min), max), NaN if any of them is. The gradient goes to x where it is inside, else to the bound that binds. */
export const clamp = defineOp({
  name: "clamp",
  inputs: ["x", "min", "max"],
  promotion: "common",
  shape: ({ x, min, max }) => ({
    shape: broadcastShapes("clamp", broadcastShapes("clamp", x.shape, min.shape), max.shape),
    dtype: x.dtype,
  }),
  forward: ({ x, min, max }, _, { dtype, shape }) => NDArray.pointwise(within, dtype, shape, [x, min, max]),
  saves: ["x", "min", "max"],
  backward: {
    x: (dy, { x, min, max }, _, metas) => dy.where(x.ge(min).logicalAnd(x.le(max)), 0).sumToSize(metas.x.shape),
    min: (dy, { x, min, max }, _, metas) => dy.where(x.lt(min).logicalAnd(min.lt(max)), 0).sumToSize(metas.min.shape),
    max: (dy, { x, min, max }, _, metas) => dy.where(x.gt(max).logicalOr(max.lt(min)), 0).sumToSize(metas.max.shape),
  },
});

const within: PointwiseFunction = {
  name: "within",
  wgsl: ([x, min, max], to) => smaller(to, `(${larger(to, x!, min!)})`, max!),
};

function larger(type: ValueType, a: string, b: string): string {
  return type.element === "bool" ? `${a} | ${b}` : withNaN(type, `max(${a}, ${b})`, a, b);
}

function smaller(type: ValueType, a: string, b: string): string {
  return type.element === "bool" ? `${a} & ${b}` : withNaN(type, `min(${a}, ${b})`, a, b);
}

/** NaN if either operand is; WGSL's max and min may drop it. */
function withNaN(type: ValueType, expression: string, a: string, b: string): string {
  if (!type.element.startsWith("f")) return expression;
  return `select(${expression}, ${a} + ${b}, ${isNaNExpression(type, a)} | ${isNaNExpression(type, b)})`;
}

/** The other operand where one is NaN. */
function unlessNaN(type: ValueType, expression: string, a: string, b: string): string {
  if (!type.element.startsWith("f")) return expression;
  return `select(select(${expression}, ${a}, ${isNaNExpression(type, b)}), ${b}, ${isNaNExpression(type, a)})`;
}
