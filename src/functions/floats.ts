// Functions that take floats apart, or mend them.

import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError } from "../core/errors.js";
import { copy } from "../ops/copy.js";
import * as ops from "../ops/floats.js";
import { assertFloat } from "../ops/pointwise.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";
import { pow } from "./arithmetic.js";

/** |input| with the sign of `other`, also of zeros. */
export function copysign(input: Tensor, other: Operand): Tensor {
  return apply(ops.copysign, [input, other]);
}

/** The float32 after input on the way to `other`. */
export function nextafter(input: Tensor, other: Tensor): Tensor {
  for (const { dtype } of [input, other]) {
    if (dtype !== "float32") throw new DTypeError("nextafter", `takes float32, got ${dtype}`);
  }
  return apply(ops.nextafter, [input, other]);
}

/** input 2^other, as floats. */
export function ldexp(input: Tensor, other: Tensor): Tensor {
  return input.mul(pow(2, isFloatingPoint(other.dtype) ? other : other.float()));
}

/**
 * The parts of x = mantissa 2^exponent with 1/2 <= |mantissa| < 1, the exponent as int32; zeros, infinities and NaN are
 * their own mantissa. The mantissa is differentiable.
 */
export function frexp(input: Tensor): { mantissa: Tensor; exponent: Tensor } {
  return { mantissa: apply(ops.frexpMantissa, [input]), exponent: apply(ops.frexpExponent, [input]) };
}

/** What stands for numbers that are none. */
export interface NanToNumOptions {
  /** Default 0. */
  readonly nan?: number | null;
  /** Default the largest number of the dtype. */
  readonly posinf?: number | null;
  /** Default the lowest number of the dtype. */
  readonly neginf?: number | null;
}

/** x with NaN and infinities replaced; no gradient passes there. */
export function nanToNum(input: Tensor, { nan, posinf, neginf }: NanToNumOptions = {}): Tensor {
  if (!isFloatingPoint(input.dtype)) return input.clone();
  const greatest = input.dtype === "float16" ? 65504 : 3.4028234663852886e38;
  return input
    .maskedFill(input.isnan(), nan ?? 0)
    .maskedFill(input.eq(Number.POSITIVE_INFINITY), posinf ?? greatest)
    .maskedFill(input.eq(Number.NEGATIVE_INFINITY), neginf ?? -greatest);
}

/** x without its whole part: x - trunc(x), with the sign of x. */
export function frac(input: Tensor): Tensor {
  assertFloat("frac", "the tensor", input);
  return input.sub(input.trunc());
}

/** -1, 0 or 1: the sign. */
export function sgn(input: Tensor): Tensor {
  return input.sign();
}

/** The angle in the complex plane: pi below 0, 0 from 0 on, NaN for NaN. */
export function angle(input: Tensor): Tensor {
  const x = isFloatingPoint(input.dtype) ? input : input.float();
  return x.mul(0).maskedFill(x.isnan().logicalNot(), 0).maskedFill(x.lt(0), Math.PI);
}

/** A tensor of input's shape and dtype filled with a number, or with a tensor without dimensions. */
export function fill(input: Tensor, value: Operand): Tensor {
  return apply(copy, [input, value]).clone();
}
