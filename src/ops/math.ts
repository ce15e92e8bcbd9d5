// Elementary functions. Integers become float32 first, as in PyTorch.

import { spell, type ValueType } from "../kernels/pointwise/function.js";
import type { WgslFile } from "../kernels/source.js";
import math from "../kernels/wgsl/shared/math.js";
import { unary } from "./pointwise.js";

/** A call of a function in wgsl/shared/math.wgsl, which computes in float32. */
export function call(fn: string): {
  wgsl: (type: ValueType, x: string) => string;
  imports: readonly WgslFile[];
  scalarOnly: true;
} {
  return {
    wgsl: (type, x) => (type.element === "f32" ? `${fn}(${x})` : `${spell(type)}(${fn}(f32(${x})))`),
    imports: [math],
    scalarOnly: true,
  };
}

/** e^x */
export const exp = unary({
  name: "exp",
  promotion: "float",
  ...call("exp_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output),
});

/** exp(x) - 1, accurate near 0. */
export const expm1 = unary({
  name: "expm1",
  promotion: "float",
  ...call("expm1"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.add(1)),
});

/** The natural logarithm; NaN below 0. */
export const log = unary({
  name: "log",
  promotion: "float",
  ...call("log_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x),
});

/** log(1 + x), accurate near 0. */
export const log1p = unary({
  name: "log1p",
  promotion: "float",
  ...call("log1p"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x.add(1)),
});

/** The square root; NaN below 0. */
export const sqrt = unary({
  name: "sqrt",
  promotion: "float",
  ...call("sqrt_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.div(output.mul(2)),
});

/** 1 / sqrt(x) */
export const rsqrt = unary({
  name: "rsqrt",
  promotion: "float",
  ...call("1.0 / sqrt_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.mul(output).mul(output)).mul(-0.5),
});

/** 1 / x */
export const reciprocal = unary({
  name: "reciprocal",
  promotion: "float",
  wgsl: (type, x) => `${spell(type)}(1) / ${x}`,
  saves: ["output"],
  backward: (dy, { output }) => dy.neg().mul(output).mul(output),
});

/** x^2 */
export const square = unary({
  name: "square",
  insteadOfBool: 'x.to("int32")',
  wgsl: (_, x) => `${x} * ${x}`,
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x).mul(2),
});

/** The sine of an angle in radians. */
export const sin = unary({
  name: "sin",
  promotion: "float",
  ...call("sin_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.cos()),
});

/** The cosine of an angle in radians. */
export const cos = unary({
  name: "cos",
  promotion: "float",
  ...call("cos_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.neg().mul(x.sin()),
});

/** The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = unary({
  name: "erf",
  promotion: "float",
  ...call("erf"),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().neg().exp()).mul(2 / Math.sqrt(Math.PI)),
});

const rounding = (name: string, wgsl: string) =>
  unary({
    name,
    wgsl: (type, x) => (type.element.startsWith("f") ? `${wgsl}(${x})` : x),
    backward: (dy) => dy.mul(0),
  });

/** Down to a whole number. */
export const floor = rounding("floor", "floor");
/** Up to a whole number. */
export const ceil = rounding("ceil", "ceil");
/** Towards 0 to a whole number. */
export const trunc = rounding("trunc", "trunc");
/** To the nearest whole number, halves to the even one. */
export const round = rounding("round", "round");
