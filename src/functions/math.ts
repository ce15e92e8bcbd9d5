// Elementary functions of two numbers, and angles.

import * as pairs from "../ops/pairs.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";

/** sqrt(input^2 + other^2) without overflow on the way. */
export function hypot(input: Tensor, other: Tensor): Tensor {
  return apply(pairs.hypot, [input, other]);
}

/** log(e^input + e^other) without overflow on the way. */
export function logaddexp(input: Tensor, other: Tensor): Tensor {
  return apply(pairs.logaddexp, [input, other]);
}

/** log2(2^input + 2^other) without overflow on the way. */
export function logaddexp2(input: Tensor, other: Tensor): Tensor {
  return apply(pairs.logaddexp2, [input, other]);
}

/** input log(other), and 0 where input is 0 unless other is NaN. One may be a number. */
export function xlogy(input: Operand, other: Operand): Tensor {
  return apply(pairs.xlogy, [input, other]);
}

/** An angle in degrees as radians. */
export function deg2rad(input: Tensor): Tensor {
  return input.mul(Math.PI / 180);
}

/** An angle in radians as degrees. */
export function rad2deg(input: Tensor): Tensor {
  return input.mul(180 / Math.PI);
}
