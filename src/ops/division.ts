// Division, with and without a remainder. An integer divided by 0 is itself, and its remainder 0: PyTorch's CPU raises an
// error there, which here would have to wait for the GPU.

import type { ValueType } from "../kernels/pointwise/function.js";
import { spell } from "../kernels/pointwise/function.js";
import division from "../kernels/wgsl/shared/division.js";
import { binary, callOfTwo } from "./pointwise.js";

/** True division: integers are divided as float32. */
export const div = binary({
  name: "div",
  promotion: "float",
  wgsl: (_, a, b) => `${a} / ${b}`,
  saves: { a: ["b"], b: ["b", "output"] },
  backward: { a: (dy, { b }) => dy.div(b), b: (dy, { b, output }) => dy.neg().mul(output).div(b) },
});

/** a / b without its fraction. The derivative is 0. */
export const truncDivide = binary({
  name: "truncDivide",
  ...whole("trunc_divide_", (a, b) => `${a} / ${b}`),
  backward: { a: (dy) => dy.mul(0), b: (dy) => dy.mul(0) },
});

/** a / b rounded down, as Python's `//`. The derivative is 0. */
export const floorDivide = binary({
  name: "floorDivide",
  // WGSL rounds towards zero: one less where the signs differ and something is left over.
  ...whole("floor_divide_", (a, b, zero) => `${a} / ${b} - select(${zero}, ${zero} + 1, ${hasOtherSign(a, b, zero)})`),
  backward: { a: (dy) => dy.mul(0), b: (dy) => dy.mul(0) },
});

/** The remainder with the sign of the dividend, as C's fmod: a - b trunc(a / b). Exact for quotients of any size. */
export const fmod = binary({
  name: "fmod",
  ...whole("fmod_", (a, b) => `${a} % ${b}`),
  saves: { b: ["a", "b"] },
  backward: { a: (dy) => dy, b: (dy, { a, b }) => dy.neg().mul(a.div(b, { roundingMode: "trunc" })) },
});

/** The remainder with the sign of the divisor, as Python's `%`: a - b floor(a / b). Exact for quotients of any size. */
export const remainder = binary({
  name: "remainder",
  ...whole("remainder_", (a, b, zero) => `${a} % ${b} + select(${zero}, ${b}, ${hasOtherSign(a, b, zero)})`),
  saves: { b: ["a", "b"] },
  backward: { a: (dy) => dy, b: (dy, { a, b }) => dy.neg().mul(a.floorDivide(b)) },
});

/** Whether something is left over of a / b, and has the other sign than b. */
function hasOtherSign(a: string, b: string, zero: string): string {
  return `(${a} % ${b} != ${zero}) & ((${a} < ${zero}) != (${b} < ${zero}))`;
}

/** A function of wgsl/shared/division.wgsl for floats, an expression for int32; uint8 has no signs to care for. */
function whole(fn: string, integers: (a: string, b: string, zero: string) => string) {
  const floats = callOfTwo(fn, division);
  return {
    ...floats,
    insteadOfBool: 'x.to("int32")',
    wgsl: (type: ValueType, a: string, b: string): string => {
      if (type.element === "u32") return fn.endsWith("divide_") ? `${a} / ${b}` : `${a} % ${b}`;
      return type.element === "i32" ? integers(a, b, `${spell(type)}(0)`) : floats.wgsl(type, a, b);
    },
  };
}
