// Arithmetic of two operands that broadcast, with PyTorch's results for integers.

import { defineOp } from "../autograd/op.js";
import { promotableNumber, resultType, valueRange } from "../core/dtype.js";
import { NDArray } from "../kernels/array.js";
import { isNaNExpression, type PointwiseFunction, spell, type ValueType } from "../kernels/pointwise/function.js";
import math from "../kernels/wgsl/shared/math.js";
import type { Tensor } from "../tensor/tensor.js";
import { binary, unary } from "./pointwise.js";
import { cast } from "./shape.js";

/** a + b; for bools, or. */
export const add = binary({
  name: "add",
  wgsl: (type, a, b) => (type.element === "bool" ? `${a} | ${b}` : `${a} + ${b}`),
  backward: { a: (dy) => dy, b: (dy) => dy },
});

/** a - b; for bools, exclusive or. */
export const sub = binary({
  name: "sub",
  wgsl: (type, a, b) => (type.element === "bool" ? `${a} != ${b}` : `${a} - ${b}`),
  backward: { a: (dy) => dy, b: (dy) => dy.neg() },
});

/** a b; for bools, and. */
export const mul = binary({
  name: "mul",
  wgsl: (type, a, b) => (type.element === "bool" ? `${a} & ${b}` : `${a} * ${b}`),
  saves: { a: ["b"], b: ["a"] },
  backward: { a: (dy, { b }) => dy.mul(b), b: (dy, { a }) => dy.mul(a) },
});

/** True division: integers are divided as float32. */
export const div = binary({
  name: "div",
  promotion: "float",
  wgsl: (_, a, b) => `${a} / ${b}`,
  saves: { a: ["b"], b: ["b", "output"] },
  backward: { a: (dy, { b }) => dy.div(b), b: (dy, { b, output }) => dy.neg().mul(output).div(b) },
});

/** Division rounded down, as Python's `//`. */
export const floorDivide = binary({
  name: "floorDivide",
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, a, b) => {
    if (type.element.startsWith("f")) return `floor(${a} / ${b})`;
    if (type.element === "u32") return `${a} / ${b}`;
    const zero = `${spell(type)}(0)`;
    // WGSL rounds towards zero: one less where the signs differ and something is left over.
    return `${a} / ${b} - select(${zero}, ${spell(type)}(1), (${a} % ${b} != ${zero}) & ((${a} < ${zero}) != (${b} < ${zero})))`;
  },
});

/** The remainder with the sign of the divisor, as Python's `%`: a - b * floor(a / b). */
export const remainder = binary({
  name: "remainder",
  insteadOfBool: 'x.to("int32")',
  imports: [math],
  scalarOnly: true,
  wgsl: (type, a, b) => {
    if (type.element === "f32") return `remainder_(${a}, ${b})`;
    if (type.element === "u32") return `${a} % ${b}`;
    const zero = `${spell(type)}(0)`;
    return `select(${a} % ${b}, ${a} % ${b} + ${b}, (${a} % ${b} != ${zero}) & ((${a} % ${b} < ${zero}) != (${b} < ${zero})))`;
  },
  saves: { b: ["a", "b"] },
  backward: { a: (dy) => dy, b: (dy, { a, b }) => dy.neg().mul(a.div(b).floor()) },
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

/** The larger of a and b; NaN if either is. Where they are equal each gets half of the gradient. */
export const maximum = binary({
  name: "maximum",
  wgsl: (type, a, b) => withNaN(type, `max(${a}, ${b})`, a, b),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.mul(share(a.gt(b), a.eq(b))),
    b: (dy, { a, b }) => dy.mul(share(b.gt(a), a.eq(b))),
  },
});

/** The smaller of a and b; NaN if either is. Where they are equal each gets half of the gradient. */
export const minimum = binary({
  name: "minimum",
  wgsl: (type, a, b) => withNaN(type, `min(${a}, ${b})`, a, b),
  saves: ["a", "b"],
  backward: {
    a: (dy, { a, b }) => dy.mul(share(a.lt(b), a.eq(b))),
    b: (dy, { a, b }) => dy.mul(share(b.lt(a), a.eq(b))),
  },
});

/** Operands that are equal get half of the gradient each. */
function share(wins: Tensor, ties: Tensor): Tensor {
  return wins.to("float32").add(ties.to("float32").mul(0.5));
}

/** NaN if either operand is; WGSL's max and min may drop it. */
function withNaN(type: ValueType, expression: string, a: string, b: string): string {
  if (type.element === "bool") return expression.startsWith("max") ? `${a} | ${b}` : `${a} & ${b}`;
  if (!type.element.startsWith("f")) return expression;
  return `select(${expression}, ${a} + ${b}, ${isNaNExpression(type, a)} | ${isNaNExpression(type, b)})`;
}

/** -x */
export const neg = unary({
  name: "neg",
  insteadOfBool: "x.logicalNot()",
  wgsl: (type, x) => (type.element === "u32" ? `${spell(type)}(0u) - ${x}` : `-${x}`),
  backward: (dy) => dy.neg(),
});

/** |x|; the derivative at 0 is 0. */
export const abs = unary({
  name: "abs",
  wgsl: (type, x) => (type.element === "bool" ? x : `abs(${x})`),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.sign()),
});

/** -1, 0 or 1; NaN for NaN. */
export const sign = unary({
  name: "sign",
  wgsl: (type, x) => {
    if (type.element === "bool") return x;
    if (type.element === "u32") return `min(${x}, ${spell(type)}(1u))`;
    return `select(sign(${x}), ${x}, ${isNaNExpression(type, x)})`;
  },
  backward: (dy) => dy.mul(0),
});

/**
 * x within [min, max]; a missing bound does not bind. NaN stays NaN. Integers between fractions become float32. The
 * gradient passes where x was inside.
 */
export const clamp = defineOp({
  name: "clamp",
  inputs: ["x"],
  shape: ({ x }, { min, max }: { readonly min?: number; readonly max?: number }) => {
    const bounds = [min, max].filter((bound) => bound !== undefined).map(promotableNumber);
    return { shape: x.shape, dtype: resultType([{ dtype: x.dtype, strength: "tensor" }, ...bounds]) };
  },
  forward: ({ x }, { min, max }, output) => {
    const { dtype, shape } = output;
    const [low, high] = valueRange(dtype); // a bound outside binds as its end does
    const bound = (value: number, fn: PointwiseFunction, y: NDArray): NDArray => {
      return NDArray.pointwise(fn, dtype, shape, [y, NDArray.constant(Math.min(Math.max(value, low), high), dtype)]);
    };
    const converted = x.dtype === dtype ? x : cast.forward([x], dtype, [output]).outputs[0]!;
    const atLeast = min === undefined ? converted : bound(min, atLeastFunction, converted);
    return max === undefined ? atLeast : bound(max, atMostFunction, atLeast);
  },
  saves: ["x"],
  backward: {
    x: (dy, { x }, { min, max }) => {
      const above = min === undefined ? dy : dy.where(x.ge(min), 0);
      return max === undefined ? above : above.where(x.le(max), 0);
    },
  },
});

const atLeastFunction: PointwiseFunction = {
  name: "atLeast",
  wgsl: ([x, bound]) => `select(${x}, ${bound}, ${x} < ${bound})`,
};
const atMostFunction: PointwiseFunction = {
  name: "atMost",
  wgsl: ([x, bound]) => `select(${x}, ${bound}, ${x} > ${bound})`,
};
