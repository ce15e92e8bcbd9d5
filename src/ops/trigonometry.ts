// Trigonometric and hyperbolic functions and their inverses. Integers become float32 first, as in PyTorch.

import hyperbolic from "../kernels/wgsl/shared/hyperbolic.js";
import inverse from "../kernels/wgsl/shared/inverse-trigonometry.js";
import trigonometry from "../kernels/wgsl/shared/trigonometry.js";
import { call } from "./math.js";
import { unary } from "./pointwise.js";

/** The sine of an angle in radians. */
export const sin = unary({
  name: "sin",
  promotion: "float",
  ...call("sin_", trigonometry),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.cos()),
});

/** The cosine of an angle in radians. */
export const cos = unary({
  name: "cos",
  promotion: "float",
  ...call("cos_", trigonometry),
  saves: ["x"],
  backward: (dy, { x }) => dy.neg().mul(x.sin()),
});

/** sin(x) / cos(x) */
export const tan = unary({
  name: "tan",
  promotion: "float",
  ...call("tan_", trigonometry),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.square().add(1)),
});

/** The angle of this sine, from -pi / 2 to pi / 2; NaN beyond 1. */
export const asin = unary({
  name: "asin",
  promotion: "float",
  ...call("asin_", inverse),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().neg().add(1).rsqrt()),
});

/** The angle of this cosine, from 0 to pi; NaN beyond 1. */
export const acos = unary({
  name: "acos",
  promotion: "float",
  ...call("acos_", inverse),
  saves: ["x"],
  backward: (dy, { x }) => dy.neg().mul(x.square().neg().add(1).rsqrt()),
});

/** The angle of this tangent, from -pi / 2 to pi / 2. */
export const atan = unary({
  name: "atan",
  promotion: "float",
  ...call("atan_", inverse),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x.square().add(1)),
});

/** (exp(x) - exp(-x)) / 2 */
export const sinh = unary({
  name: "sinh",
  promotion: "float",
  ...call("sinh_", hyperbolic),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.cosh()),
});

/** (exp(x) + exp(-x)) / 2 */
export const cosh = unary({
  name: "cosh",
  promotion: "float",
  ...call("cosh_", hyperbolic),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.sinh()),
});

/** log(x + sqrt(x^2 + 1)) */
export const asinh = unary({
  name: "asinh",
  promotion: "float",
  ...call("asinh_", hyperbolic),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().add(1).rsqrt()),
});

/** log(x + sqrt(x^2 - 1)); NaN below 1. */
export const acosh = unary({
  name: "acosh",
  promotion: "float",
  ...call("acosh_", hyperbolic),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().sub(1).rsqrt()),
});

/** log((1 + x) / (1 - x)) / 2; NaN beyond 1. */
export const atanh = unary({
  name: "atanh",
  promotion: "float",
  ...call("atanh_", hyperbolic),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(x.square().neg().add(1)),
});
