// Bessel's and Airy's functions.

import * as bessel from "../ops/bessel.js";
import { apply, type Tensor } from "../tensor/tensor.js";

/** Airy's function Ai. Not differentiable. */
export function airyAi(x: Tensor): Tensor {
  return apply(bessel.airyAi, [x]);
}

/** Bessel's function of the first kind and order 0. Not differentiable. */
export function besselJ0(x: Tensor): Tensor {
  return apply(bessel.besselJ0, [x]);
}

/** Bessel's function of the first kind and order 1. Not differentiable. */
export function besselJ1(x: Tensor): Tensor {
  return apply(bessel.besselJ1, [x]);
}

/** Bessel's function of the second kind and order 0; NaN below 0. Not differentiable. */
export function besselY0(x: Tensor): Tensor {
  return apply(bessel.besselY0, [x]);
}

/** Bessel's function of the second kind and order 1; NaN below 0. Not differentiable. */
export function besselY1(x: Tensor): Tensor {
  return apply(bessel.besselY1, [x]);
}

/** sin(x) / x. Not differentiable; `sinc` is. */
export function sphericalBesselJ0(x: Tensor): Tensor {
  return apply(bessel.sphericalBesselJ0, [x]);
}

/** i0(x) exp(-|x|), which does not overflow. */
export function i0e(x: Tensor): Tensor {
  return apply(bessel.i0e, [x]);
}

/** The modified Bessel function of the first kind and order 1; NaN at infinity, as in PyTorch. */
export function i1(x: Tensor): Tensor {
  return apply(bessel.i1, [x]);
}

/** i1(x) exp(-|x|), which does not overflow. */
export function i1e(x: Tensor): Tensor {
  return apply(bessel.i1e, [x]);
}

/** The modified Bessel function of the first kind and order 0. Not differentiable; `i0` is. */
export function modifiedBesselI0(x: Tensor): Tensor {
  return apply(bessel.modifiedBesselI0, [x]);
}

/** The modified Bessel function of the first kind and order 1. Not differentiable; `i1` is. */
export function modifiedBesselI1(x: Tensor): Tensor {
  return apply(bessel.modifiedBesselI1, [x]);
}

/** The modified Bessel function of the second kind and order 0; NaN below 0. Not differentiable. */
export function modifiedBesselK0(x: Tensor): Tensor {
  return apply(bessel.modifiedBesselK0, [x]);
}

/** The modified Bessel function of the second kind and order 1; NaN below 0. Not differentiable. */
export function modifiedBesselK1(x: Tensor): Tensor {
  return apply(bessel.modifiedBesselK1, [x]);
}

/** exp(x) modifiedBesselK0(x), which does not underflow. Not differentiable. */
export function scaledModifiedBesselK0(x: Tensor): Tensor {
  return apply(bessel.scaledModifiedBesselK0, [x]);
}

/** exp(x) modifiedBesselK1(x), which does not underflow. Not differentiable. */
export function scaledModifiedBesselK1(x: Tensor): Tensor {
  return apply(bessel.scaledModifiedBesselK1, [x]);
}
