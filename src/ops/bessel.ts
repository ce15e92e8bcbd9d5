// Bessel's and Airy's functions. Integers become float32 first, as in PyTorch.

import type { Op } from "../autograd/op.js";
import type { WgslFile } from "../kernels/source.js";
import airyFile from "../kernels/wgsl/shared/special/airy.js";
import iFile from "../kernels/wgsl/shared/special/bessel-i.js";
import jFile from "../kernels/wgsl/shared/special/bessel-j.js";
import kFile from "../kernels/wgsl/shared/special/bessel-k.js";
import type { Tensor } from "../tensor/tensor.js";
import { callInLoop } from "./math.js";
import { unary } from "./pointwise.js";

/** The modified Bessel function of the first kind and order 0; the derivative is i1. */
export const i0 = unary({
  name: "i0",
  promotion: "float",
  ...callInLoop("i0", iFile, 1),
  saves: ["x"],
  backward: (dy, { x }) => dy.mul(dy.apply(i1, x)),
});

/** i0(x) exp(-|x|); d/dx = i1e(x) - sign(x) i0e(x). */
export const i0e = unary({
  name: "i0e",
  promotion: "float",
  ...callInLoop("i0e", iFile, 1),
  saves: ["x", "output"],
  backward: (dy, { x, output }) => dy.mul(dy.apply(i1e, x).sub(x.sign().mul(output))),
});

/** The modified Bessel function of the first kind and order 1; d/dx = i0(x) - i1(x) / x, 1/2 at 0. */
export const i1: Op<void> = unary({
  name: "i1",
  promotion: "float",
  ...callInLoop("i1", iFile, 1),
  saves: ["x", "output"],
  backward: (dy, { x, output }) => dy.mul(besideZero(x, (x) => dy.apply(i0, x).sub(output.div(x)))),
});

/** i1(x) exp(-|x|); d/dx = i0e(x) - i1e(x) (sign(x) + 1 / x), 1/2 at 0. */
export const i1e: Op<void> = unary({
  name: "i1e",
  promotion: "float",
  ...callInLoop("i1e", iFile, 1),
  saves: ["x", "output"],
  backward: (dy, { x, output }) => {
    return dy.mul(besideZero(x, (x) => dy.apply(i0e, x).sub(output.mul(x.sign().add(x.reciprocal())))));
  },
});

/** A derivative that at 0 is 1/2, and whose formula divides by x. */
function besideZero(x: Tensor, formula: (x: Tensor) => Tensor): Tensor {
  const isOff = x.ne(0);
  return formula(x.where(isOff, 1)).where(isOff, 0.5);
}

const withoutDerivative = (name: string, fn: string, file: WgslFile): Op<void> =>
  unary({ name, promotion: "float", ...callInLoop(fn, file, 1) });

/** Bessel's function of the first kind and order 0; not differentiable. */
export const besselJ0 = withoutDerivative("besselJ0", "bessel_j0", jFile);
/** Bessel's function of the first kind and order 1; not differentiable. */
export const besselJ1 = withoutDerivative("besselJ1", "bessel_j1", jFile);
/** Bessel's function of the second kind and order 0; not differentiable. */
export const besselY0 = withoutDerivative("besselY0", "bessel_y0", jFile);
/** Bessel's function of the second kind and order 1; not differentiable. */
export const besselY1 = withoutDerivative("besselY1", "bessel_y1", jFile);
/** sin(x) / x; not differentiable. */
export const sphericalBesselJ0 = withoutDerivative("sphericalBesselJ0", "spherical_bessel_j0", jFile);
/** i0 without its derivative; not differentiable. */
export const modifiedBesselI0 = withoutDerivative("modifiedBesselI0", "i0", iFile);
/** i1 without its derivative; not differentiable. */
export const modifiedBesselI1 = withoutDerivative("modifiedBesselI1", "i1", iFile);
/** The modified Bessel function of the second kind and order 0; not differentiable. */
export const modifiedBesselK0 = withoutDerivative("modifiedBesselK0", "modified_bessel_k0", kFile);
/** The modified Bessel function of the second kind and order 1; not differentiable. */
export const modifiedBesselK1 = withoutDerivative("modifiedBesselK1", "modified_bessel_k1", kFile);
/** exp(x) modifiedBesselK0(x); not differentiable. */
export const scaledModifiedBesselK0 = withoutDerivative("scaledModifiedBesselK0", "scaled_modified_bessel_k0", kFile);
/** exp(x) modifiedBesselK1(x); not differentiable. */
export const scaledModifiedBesselK1 = withoutDerivative("scaledModifiedBesselK1", "scaled_modified_bessel_k1", kFile);
/** Airy's function Ai; not differentiable. */
export const airyAi = withoutDerivative("airyAi", "airy_ai", airyFile);
