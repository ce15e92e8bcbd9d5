// The gamma function's family. Integers become float32 first, as in PyTorch.

import type { Op } from "../autograd/op.js";
import { AutogradError } from "../core/errors.js";
import gammaFile from "../kernels/wgsl/shared/special/gamma.js";
import incompleteFile from "../kernels/wgsl/shared/special/incomplete-gamma.js";
import zetaFile from "../kernels/wgsl/shared/special/zeta.js";
import type { Tensor } from "../tensor/tensor.js";
import { callInLoop } from "./math.js";
import { binary, unary } from "./pointwise.js";

/** log |gamma(x)| */
export const lgamma = unary({
  name: "lgamma",
  promotion: "float",
  ...callInLoop("lgamma", gammaFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(dy.apply(digamma, x)),
});

/** d/dx log gamma(x) */
export const digamma = unary({
  name: "digamma",
  promotion: "float",
  ...callInLoop("digamma", gammaFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(dy.apply(trigamma, x)),
});

/** The second derivative of log gamma(x). */
export const trigamma = unary({
  name: "polygamma",
  promotion: "float",
  ...callInLoop("trigamma", zetaFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(dy.apply(zeta, 3, x)).mul(-2),
});

/** Hurwitz's zeta function, the sum over k >= 0 of (b + k)^-a. d/db = -a zeta(a + 1, b); there is none for a. */
export const zeta: Op<void> = binary({
  name: "zeta",
  promotion: "float",
  ...callInLoop("zeta", zetaFile, 2),
  saves: { b: ["a", "b"] },
  backward: {
    a: () => refuse("zeta"),
    b: (dy, { a, b }) =>
      dy
        .mul(a)
        .mul(dy.apply(zeta, a.add(1), b))
        .neg(),
  },
});

/** P(a, x), the regularized lower incomplete gamma function. d/dx = x^(a-1) exp(-x) / gamma(a); there is none for a. */
export const igamma = binary({
  name: "igamma",
  promotion: "float",
  ...callInLoop("igamma", incompleteFile, 2),
  saves: { b: ["a", "b"] },
  backward: { a: () => refuse("igamma"), b: (dy, { a, b }) => dy.mul(densityOf(a, b)) },
});

/** Q(a, x) = 1 - P(a, x), the regularized upper incomplete gamma function. */
export const igammac = binary({
  name: "igammac",
  promotion: "float",
  ...callInLoop("igammac", incompleteFile, 2),
  saves: { b: ["a", "b"] },
  backward: { a: () => refuse("igammac"), b: (dy, { a, b }) => dy.mul(densityOf(a, b)).neg() },
});

/** x^(a-1) exp(-x) / gamma(a) */
function densityOf(a: Tensor, x: Tensor): Tensor {
  return a.sub(1).mul(x.log()).sub(x).sub(a.apply(lgamma, a)).exp();
}

function refuse(op: string): never {
  throw new AutogradError(op, "has no derivative by its first operand, here as in PyTorch: detach() it");
}
