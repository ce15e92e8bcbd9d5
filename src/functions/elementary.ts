// Functions of one number.

import * as erfs from "../ops/erf.js";
import { apply, type Tensor } from "../tensor/tensor.js";

/** 1 - erf(x), accurate where it is small. */
export function erfc(x: Tensor): Tensor {
  return apply(erfs.erfc, [x]);
}

/** The inverse of erf: infinite at -1 and 1, NaN beyond. */
export function erfinv(x: Tensor): Tensor {
  return apply(erfs.erfinv, [x]);
}

export interface LogitOptions {
  /** x is clamped to eps .. 1 - eps first. Default: it is not. */
  readonly eps?: number | null;
}

/** log(x / (1 - x)), the inverse of sigmoid; NaN outside 0 .. 1. */
export function logit(x: Tensor, { eps }: LogitOptions = {}): Tensor {
  const inside = eps === undefined || eps === null ? x : x.clamp(eps, 1 - eps);
  return apply(erfs.logit, [inside]);
}

/** sin(pi x) / (pi x), and 1 at 0. */
export function sinc(x: Tensor): Tensor {
  return apply(erfs.sinc, [x]);
}
