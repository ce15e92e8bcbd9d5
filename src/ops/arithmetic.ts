// Arithmetic of two operands that broadcast, with PyTorch's results for integers.

import { defineOp } from "../autograd/op.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { isNaNExpression, type PointwiseFunction, spell } from "../kernels/pointwise/function.js";
import math from "../kernels/wgsl/shared/math.js";
import { assertFloat, binary, unary } from "./pointwise.js";

/** a + b; for bools, or. */
export const add = binary({
  name: "add",
  wgsl: (type, a, b) => (type.element === "bool" ? `${a} | ${b}` : `${a} + ${b}`),
  backward: { a: (dy) => dy, b: (dy) => dy },
});

/** a - b */
export const sub = binary({
  name: "sub",
  insteadOfBool: "a.logicalXor(b)",
  wgsl: (_, a, b) => `${a} - ${b}`,
  backward: { a: (dy) => dy, b: (dy) => dy.neg() },
});

/** a b; for bools, and. */
export const mul = binary({
  name: "mul",
  wgsl: (type, a, b) => (type.element === "bool" ? `${a} & ${b}` : `${a} * ${b}`),
  saves: { a: ["b"], b: ["a"] },
  backward: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
});

/** x^y, exact for integers. d/dx = y x^(y-1), 0 where y is 0; d/dy = x^y log x, 0 where x is 0 and y >= 0. */
export const pow = binary({
  name: "pow",
  imports: [math],
  scalarOnly: true,
  wgsl: (type, a, b) => {
    if (type.element === "f32") return `pow_(${a}, ${b})`;
    if (type.element === "i32" || type.element === "u32") return `pow_${type.element}(${a}, ${b})`;
    return `${spell(type)}(pow_(f32(${a}), f32(${b})))`;
  },
  saves: { a: ["a", "b"], b: ["a", "b", "output"] },
  backward: {
    a: (dy, { a, b }) =>
      dy
        .mul(b)
        .mul(a.pow(b.sub(1)))
        .where(b.ne(0), 0),
    b: (dy, { a, b, output }) => dy.mul(output.mul(a.log()).where(a.ne(0).logicalOr(b.lt(0)), 0)),
  },
});

/** -x */
export const neg = unary({
  name: "neg",
  insteadOfBool: "x.logicalNot()",
  wgsl: (type, x) => (type.element === "u32" ? `${spell(type)}(0u) - ${x}` : `-${x}`),
  backward: (dy) => dy.neg(),
});

/** |x|; the derivative is that of PyTorch: 0 at 0 and at NaN. */
export const abs = unary({
  name: "abs",
  wgsl: (type, x) => (type.element === "bool" ? x : `abs(${x})`),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.sign()),
});

/** -1, 0 or 1; 0 for NaN, as in PyTorch. */
export const sign = unary({
  name: "sign",
  wgsl: (type, x) => {
    if (type.element === "bool") return x;
    if (type.element === "u32") return `min(${x}, ${spell(type)}(1u))`;
    return `select(sign(${x}), ${spell(type)}(0), ${isNaNExpression(type, x)})`;
  },
  backward: (dy) => dy.mul(0),
});

/** start + weight (end - start), from the nearer end: exact at weights 0 and 1. */
export const lerp = defineOp({
  name: "lerp",
  inputs: ["start", "end", "weight"],
  promotion: "common",
  shape: ({ start, end, weight }) => {
    assertFloat("lerp", "the tensor", start);
    return {
      shape: broadcastShapes("lerp", broadcastShapes("lerp", start.shape, end.shape), weight.shape),
      dtype: start.dtype,
    };
  },
  forward: ({ start, end, weight }, _, { dtype, shape }) =>
    NDArray.pointwise(between, dtype, shape, [start, end, weight]),
  saves: { start: ["weight"], end: ["weight"], weight: ["start", "end"] },
  backward: {
    start: (dy, { weight }, _, metas) => dy.mul(weight.neg().add(1)).sumToSize(metas.start.shape),
    end: (dy, { weight }, _, metas) => dy.mul(weight).sumToSize(metas.end.shape),
    weight: (dy, { start, end }, _, metas) => dy.mul(end.sub(start)).sumToSize(metas.weight.shape),
  },
});

const between: PointwiseFunction = {
  name: "between",
  wgsl: ([a, b, weight], to) => {
    const one = `${spell(to)}(1)`;
    return `select(${b} - (${b} - ${a}) * (${one} - ${weight}), ${a} + ${weight} * (${b} - ${a}), ${weight} < ${one} / 2)`;
  },
};

/** x + value a b */
export const addcmul = defineOp({
  name: "addcmul",
  inputs: ["x", "a", "b", "value"],
  promotion: "common",
  unpromoted: ["value"], // a number, which takes the dtype of the others
  shape: ({ x, a, b }) => {
    return { shape: broadcastShapes("addcmul", broadcastShapes("addcmul", x.shape, a.shape), b.shape), dtype: x.dtype };
  },
  forward: ({ x, a, b, value }, _, { dtype, shape }) => NDArray.pointwise(plusProduct, dtype, shape, [x, a, b, value]),
  saves: { a: ["b", "value"], b: ["a", "value"] },
  backward: {
    x: (dy, _, __, { x }) => dy.sumToSize(x.shape),
    a: (dy, { b, value }, _, { a }) => dy.mul(b.mul(value)).sumToSize(a.shape),
    b: (dy, { a, value }, _, { b }) => dy.mul(a.mul(value)).sumToSize(b.shape),
  },
});

const plusProduct: PointwiseFunction = {
  name: "plusProduct",
  wgsl: ([x, a, b, value], { element }) => {
    return element === "bool" ? `${x} | (${value} & ${a} & ${b})` : `${x} + ${value} * ${a} * ${b}`;
  },
};

/** x + value a / b */
export const addcdiv = defineOp({
  name: "addcdiv",
  inputs: ["x", "a", "b", "value"],
  promotion: "common",
  unpromoted: ["value"], // a number, which takes the dtype of the others
  shape: ({ x, a, b }) => {
    assertFloat("addcdiv", "the result", x);
    return { shape: broadcastShapes("addcdiv", broadcastShapes("addcdiv", x.shape, a.shape), b.shape), dtype: x.dtype };
  },
  forward: ({ x, a, b, value }, _, { dtype, shape }) => NDArray.pointwise(plusQuotient, dtype, shape, [x, a, b, value]),
  saves: { a: ["b", "value"], b: ["a", "b", "value"] },
  backward: {
    x: (dy, _, __, { x }) => dy.sumToSize(x.shape),
    a: (dy, { b, value }, _, { a }) => dy.mul(value.div(b)).sumToSize(a.shape),
    b: (dy, { a, b, value }, _, metas) => dy.neg().mul(a.mul(value).div(b).div(b)).sumToSize(metas.b.shape),
  },
});

const plusQuotient: PointwiseFunction = {
  name: "plusQuotient",
  wgsl: ([x, a, b, value]) => `${x} + ${value} * (${a} / ${b})`,
};
