// The normal distribution, and entropy.

import * as normal from "../ops/normal.js";
import { apply, type Tensor } from "../tensor/tensor.js";

/** exp(x^2) erfc(x), which does not underflow. */
export function erfcx(x: Tensor): Tensor {
  return apply(normal.erfcx, [x]);
}

/** The share of the standard normal distribution below x: erfc(-x / sqrt(2)) / 2. */
export function ndtr(x: Tensor): Tensor {
  return apply(normal.ndtr, [x]);
}

/** log(ndtr(x)), accurate far out in the tail. */
export function logNdtr(x: Tensor): Tensor {
  return apply(normal.logNdtr, [x]);
}

/** The inverse of `ndtr`: -infinity at 0, infinity at 1, NaN outside. */
export function ndtri(x: Tensor): Tensor {
  return apply(normal.ndtri, [x]);
}

/** -x log(x), the part of x in an entropy: 0 at 0, and -infinity below. */
export function entr(x: Tensor): Tensor {
  return apply(normal.entr, [x]);
}
