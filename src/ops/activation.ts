// Activations. Each holds at extreme values, forward and backward: no intermediate overflows where the result does not.

import { spell } from "../kernels/pointwise/function.js";
import { callOfFour } from "./math.js";
import { unary } from "./pointwise.js";

/** max(x, 0). NaN stays NaN; the derivative at 0 is 0. */
export const relu = unary({
  name: "relu",
  insteadOfBool: 'x.to("int32")',
  wgsl: (type, x) => `select(${x}, ${spell(type)}(0), ${x} <= ${spell(type)}(0))`,
  saves: ["output"],
  backward: (dy, { output }) => dy.maskedFill(output.le(0), 0), // not `where output > 0`, which would hide a NaN
});

/** 1 / (1 + exp(-x)) */
export const sigmoid = unary({
  name: "sigmoid",
  promotion: "float",
  ...callOfFour("sigmoid"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output).mul(output.neg().add(1)),
});

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)), accurate near 0. */
export const tanh = unary({
  name: "tanh",
  promotion: "float",
  ...callOfFour("tanh_"),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.square().neg().add(1)),
});
