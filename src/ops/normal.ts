// The normal distribution, and entropy. Integers become float32 first, as in PyTorch.

import entrFile from "../kernels/wgsl/shared/special/entr.js";
import erfcxFile from "../kernels/wgsl/shared/special/erfcx.js";
import ndtriFile from "../kernels/wgsl/shared/special/ndtri.js";
import { callInLoop } from "./math.js";
import { unary } from "./pointwise.js";

/** exp(x^2) erfc(x); d/dx = 2 x erfcx(x) - 2 / sqrt(pi). */
export const erfcx = unary({
  name: "erfcx",
  promotion: "float",
  ...callInLoop("erfcx", erfcxFile, 1),
  saves: ["x", "output"],
  backward: (dy, { x, output }) =>
    dy.mul(
      x
        .mul(output)
        .mul(2)
        .sub(2 / Math.sqrt(Math.PI)),
    ),
});

/** erfc(-x / sqrt(2)) / 2; d/dx = exp(-x^2 / 2) / sqrt(2 pi). */
export const ndtr = unary({
  name: "ndtr",
  promotion: "float",
  ...callInLoop("ndtr", erfcxFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.square().mul(-0.5).exp()).mul(1 / Math.sqrt(2 * Math.PI)),
});

/** log(ndtr(x)); d/dx = sqrt(2 / pi) / erfcx(-x / sqrt(2)). */
export const logNdtr = unary({
  name: "logNdtr",
  promotion: "float",
  ...callInLoop("log_ndtr", erfcxFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.div(dy.apply(erfcx, x.mul(-Math.SQRT1_2))).mul(Math.sqrt(2 / Math.PI)),
});

/** The inverse of ndtr; d/dp = sqrt(2 pi) exp(y^2 / 2). */
export const ndtri = unary({
  name: "ndtri",
  promotion: "float",
  ...callInLoop("ndtri", ndtriFile, 1),
  saves: ["output"],
  backward: (dy, { output }) => dy.mul(output.square().mul(0.5).exp()).mul(Math.sqrt(2 * Math.PI)),
});

/** -x log(x), 0 at 0 and -infinity below; d/dx = -1 - log(x). */
export const entr = unary({
  name: "entr",
  promotion: "float",
  ...callInLoop("entr", entrFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(x.log().add(1)).neg(),
});
