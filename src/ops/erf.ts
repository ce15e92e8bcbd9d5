// The error function and its kin, and two quotients with a hole that is filled.

import erfFile from "../kernels/wgsl/shared/erf.js";
import trigonometry from "../kernels/wgsl/shared/trigonometry.js";
import { call, callOfFour } from "./math.js";
import { unary } from "./pointwise.js";

const { PI } = Math;

/** The error function: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
export const erf = unary({
  name: "erf",
  promotion: "float",
  ...callOfFour("erf", erfFile),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().neg().exp()).mul(2 / Math.sqrt(PI)),
});

/** 1 - erf(x), accurate where it is small. */
export const erfc = unary({
  name: "erfc",
  promotion: "float",
  ...callOfFour("erfc", erfFile),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().neg().exp()).mul(-2 / Math.sqrt(PI)),
});

/** The inverse of erf, on -1 .. 1. */
export const erfinv = unary({
  name: "erfinv",
  promotion: "float",
  ...call("erfinv", erfFile),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.square().exp()).mul(Math.sqrt(PI) / 2),
});

/** sin(pi x) / (pi x), and 1 at 0. The derivative is (cos(pi x) - sinc(x)) / x, near 0 its series. */
export const sinc = unary({
  name: "sinc",
  promotion: "float",
  ...call("sinc", trigonometry),
  saves: ["x", "output"],
  backward: (dy, { x, output }) => {
    const isNear = x.abs().lt(0.1);
    const far = x.mul(PI).cos().sub(output).div(x.maskedFill(isNear, 1));
    const near = x.mul(
      x
        .square()
        .mul(PI ** 4 / 30)
        .sub(PI ** 2 / 3),
    );
    return dy.mul(near.where(isNear, far));
  },
});

/** log(x / (1 - x)); NaN outside 0 .. 1. */
export const logit = unary({
  name: "logit",
  promotion: "float",
  ...call("logit"),
  saves: ["x"],
  backward: (dy, { x }) => {
    return dy.div(x.mul(x.neg().add(1))).where(x.ge(0).logicalAnd(x.le(1)), Number.NaN);
  },
});
