// Activations made of straight pieces. At the joints, and for NaN, derivatives are PyTorch's.

import { spell } from "../kernels/pointwise/function.js";
import { binary, unary } from "./pointwise.js";

interface Bound {
  readonly lambd: number;
}

/** x, but 0 for |x| <= lambd. */
export const hardshrink = unary<Bound>({
  name: "hardshrink",
  floatOnly: true,
  wgsl: (type, x, lambd) => `select(${x}, ${spell(type)}(0), abs(${x}) <= ${lambd})`,
  numbers: ({ lambd }) => [lambd],
  saves: ["x"],
  backward: (dy, { x }, { lambd }) => dy.where(x.abs().gt(lambd), 0),
});

/** x moved by lambd towards 0, and 0 where it would cross it. */
export const softshrink = unary<Bound>({
  name: "softshrink",
  floatOnly: true,
  wgsl: (type, x, lambd) => {
    return `select(select(${spell(type)}(0), ${x} + ${lambd}, ${x} < -${lambd}), ${x} - ${lambd}, ${x} > ${lambd})`;
  },
  numbers: ({ lambd }) => [lambd],
  saves: ["x"],
  backward: (dy, { x }, { lambd }) => dy.where(x.abs().gt(lambd), 0),
});

/** x within [min, max]; the derivative is 0 at the ends. */
export const hardtanh = unary<{ readonly min: number; readonly max: number }>({
  name: "hardtanh",
  insteadOfBool: 'x.to("int32")',
  wgsl: (_, x, min, max) => {
    const above = `select(${x}, ${min}, ${x} < ${min})`; // bounds in the wrong order: the upper one counts
    return `select(${above}, ${max}, ${above} > ${max})`;
  },
  numbers: ({ min, max }) => [min, max],
  saves: ["x"],
  backward: (dy, { x }, { min, max }) => dy.where(x.gt(min).logicalAnd(x.lt(max)), 0),
});

/** (x + 3) / 6 within [0, 1] */
export const hardsigmoid = unary({
  name: "hardsigmoid",
  floatOnly: true,
  wgsl: (type, x) => {
    const t = spell(type);
    return `select(select((${x} + 3) / 6, ${t}(0), ${x} <= ${t}(-3)), ${t}(1), ${x} >= ${t}(3))`;
  },
  saves: ["x"],
  backward: (dy, { x }) => dy.div(6).where(x.gt(-3).logicalAnd(x.lt(3)), 0),
});

/** x times hardsigmoid(x) */
export const hardswish = unary({
  name: "hardswish",
  floatOnly: true,
  wgsl: (type, x) => {
    const t = spell(type);
    return `${x} * select(select(${x} + 3, ${t}(0), ${x} < ${t}(-3)), ${t}(6), ${x} > ${t}(3)) / 6`;
  },
  saves: ["x"],
  backward: (dy, { x }) => {
    const slope = x.div(3).add(0.5).where(x.le(3), 1);
    return dy.mul(slope.maskedFill(x.lt(-3), 0));
  },
});

/** x for x > 0, else slope x. */
export const leakyRelu = unary<{ readonly slope: number }>({
  name: "leakyRelu",
  floatOnly: true,
  wgsl: (type, x, slope) => `select(${x} * ${slope}, ${x}, ${x} > ${spell(type)}(0))`,
  numbers: ({ slope }) => [slope],
  saves: ["x"],
  backward: (dy, { x }, { slope }) => dy.where(x.gt(0), dy.mul(slope)),
});

/** x for x > 0, else slope x, with slopes that are learned: a is x, b the slope. */
export const prelu = binary({
  name: "prelu",
  wgsl: (type, x, slope) => `select(${x} * ${slope}, ${x}, ${x} > ${spell(type)}(0))`,
  saves: { a: ["a", "b"], b: ["a"] },
  backward: {
    a: (dy, { a, b }) => dy.where(a.gt(0), dy.mul(b)),
    b: (dy, { a }) => dy.mul(a.maskedFill(a.gt(0), 0)),
  },
});

/** x where it is above the threshold, else a value. */
export const threshold = unary<{ readonly threshold: number; readonly value: number }>({
  name: "threshold",
  insteadOfBool: 'x.to("int32")',
  wgsl: (_, x, limit, value) => `select(${x}, ${value}, ${x} <= ${limit})`,
  numbers: ({ threshold, value }) => [threshold, value],
  saves: ["x"],
  backward: (dy, { x }, { threshold }) => dy.where(x.le(threshold).logicalNot(), 0),
});
