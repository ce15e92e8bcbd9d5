// Exponentials, logarithms, roots and powers. Integers become float32 first, as in PyTorch.

import { spell, type ValueType } from "../kernels/pointwise/function.js";
import type { WgslFile } from "../kernels/source.js";
import math from "../kernels/wgsl/shared/math.js";
import { unary } from "./pointwise.js";

/** A call of a function in wgsl/shared/math.wgsl, or another file, which computes in float32. */
export function call(
  fn: string,
  file: WgslFile = math,
): {
  wgsl: (type: ValueType, ...args: string[]) => string;
  imports: readonly WgslFile[];
  scalarOnly: true;
} {
  return {
    wgsl: (type, ...args) => {
      if (type.element === "f32") return `${fn}(${args})`;
      return `${spell(type)}(${fn}(${args.map((arg) => `f32(${arg})`)}))`;
    },
    imports: [file],
    scalarOnly: true,
  };
}

/**
 * A call of a function that has a form for four numbers at once beside it: `exp_of_four` for `exp_`. That one has no
 * branches, and so costs a quarter of four calls.
 */
export function callOfFour(
  fn: string,
  file: WgslFile = math,
): { wgsl: (type: ValueType, ...args: string[]) => string; imports: readonly WgslFile[] } {
  return {
    wgsl: (type, ...args) => {
      const called = type.width === 4 ? `${fn.replace(/_$/, "")}_of_four` : fn;
      if (type.element === "f32") return `${called}(${args})`;
      const float = spell({ element: "f32", width: type.width });
      return `${spell(type)}(${called}(${args.map((arg) => `${float}(${arg})`)}))`;
    },
    imports: [file],
  };
}

/**
 * A call of a function so long that four copies of it, for the elements of a vector, would take a while to compile: a loop
 * goes over them instead.
 */
export function callInLoop(
  fn: string,
  file: WgslFile,
  arity: 1 | 2,
): { wgsl: (type: ValueType, ...args: string[]) => string; imports: readonly WgslFile[] } {
  const params = ["a", "b"].slice(0, arity);
  const text = `fn ${fn}_of_four(${params.map((name) => `${name}: vec4f`)}) -> vec4f {
var y: vec4f;
for (var i = 0u; i < 4u; i++) { y[i] = ${fn}(${params.map((name) => `${name}[i]`)}); }
return y;
}`;
  return {
    wgsl: (type, ...args) => {
      const called = type.width === 4 ? `${fn}_of_four` : fn;
      if (type.element === "f32") return `${called}(${args})`;
      const float = spell({ element: "f32", width: type.width });
      return `${spell(type)}(${called}(${args.map((arg) => `${float}(${arg})`)}))`;
    },
    imports: [{ name: `${file.name}#${fn}`, text, imports: [file] }],
  };
}

/** e^x */
export const exp = unary({
  name: "exp",
  promotion: "float",
  ...callOfFour("exp_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output),
});

/** 2^x */
export const exp2 = unary({
  name: "exp2",
  promotion: "float",
  ...callOfFour("exp2_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output).mul(Math.LN2),
});

/** exp(x) - 1, accurate near 0. */
export const expm1 = unary({
  name: "expm1",
  promotion: "float",
  ...callOfFour("expm1"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.add(1)),
});

/** The natural logarithm; NaN below 0. */
export const log = unary({
  name: "log",
  promotion: "float",
  ...callOfFour("log_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x),
});

/** The logarithm to the base 2. */
export const log2 = unary({
  name: "log2",
  promotion: "float",
  ...callOfFour("log2_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x).mul(Math.LOG2E),
});

/** The logarithm to the base 10. */
export const log10 = unary({
  name: "log10",
  promotion: "float",
  ...callOfFour("log10_"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x).mul(Math.LOG10E),
});

/** log(1 + x), accurate near 0. */
export const log1p = unary({
  name: "log1p",
  promotion: "float",
  ...callOfFour("log1p"),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x.add(1)),
});

/** The square root; NaN below 0. */
export const sqrt = unary({
  name: "sqrt",
  promotion: "float",
  ...callOfFour("sqrt_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.div(output.mul(2)),
});

/** 1 / sqrt(x) */
export const rsqrt = unary({
  name: "rsqrt",
  promotion: "float",
  ...callOfFour("1.0 / sqrt_"),
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
  backward: (dy, { x }) => dy.mul(x.mul(2)),
});
