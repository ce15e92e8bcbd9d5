// Arithmetic as functions: the forms that also take a number first, and the rarer operations.

import * as ops from "../ops/arithmetic.js";
import { gcd as gcdOp, lcm as lcmOp } from "../ops/bitwise.js";
import * as bounds from "../ops/bounds.js";
import * as division from "../ops/division.js";
import { assertMeaning } from "../ops/pointwise.js";
import { type AlphaOptions, type DivOptions, divisionOf, exponent, scaled } from "../tensor/arithmetic.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";
import { asTensor } from "./operand.js";

/** The factor of the product or quotient that addcmul and addcdiv add. */
export interface ValueOptions {
  /** Default 1. */
  readonly value?: number | null;
}

/** input + alpha other, of which one may be a number. */
export function add(input: Operand, other: Operand, options?: AlphaOptions): Tensor {
  return apply(ops.add, [input, scaled("add", input, other, options)]);
}

/** input - alpha other, of which one may be a number. */
export function sub(input: Operand, other: Operand, options?: AlphaOptions): Tensor {
  return apply(ops.sub, [input, scaled("sub", input, other, options)]);
}

/** other - alpha input. */
export function rsub(input: Operand, other: Operand, options?: AlphaOptions): Tensor {
  return apply(ops.sub, [other, scaled("rsub", other, input, options)]);
}

/** input other, of which one may be a number. */
export function mul(input: Operand, other: Operand): Tensor {
  return apply(ops.mul, [input, other]);
}

/** input / other, of which one may be a number; see the method. */
export function div(input: Operand, other: Operand, options?: DivOptions): Tensor {
  return apply(divisionOf(options), [input, other]);
}

/** input / other, of which one may be a number. */
export function trueDivide(input: Operand, other: Operand): Tensor {
  return apply(division.div, [input, other]);
}

/** input / other rounded down, of which one may be a number. */
export function floorDivide(input: Operand, other: Operand): Tensor {
  return apply(division.floorDivide, [input, other]);
}

/** What is left of input / other, with the sign of other; one may be a number. */
export function remainder(input: Operand, other: Operand): Tensor {
  return apply(division.remainder, [input, other]);
}

/** input to the power of `power`, of which one may be a number. */
export function pow(input: Operand, power: Operand): Tensor {
  return apply(ops.pow, [input, exponent(input, power)]);
}

/** pow in float32 whatever the operands are. */
export function floatPower(input: Operand, power: Operand): Tensor {
  return apply(ops.pow, [asTensor(input).float(), asTensor(power).float()]);
}

/** input + value tensor1 tensor2, of shapes that broadcast. */
export function addcmul(input: Tensor, tensor1: Operand, tensor2: Operand, { value }: ValueOptions = {}): Tensor {
  return apply(ops.addcmul, [input, tensor1, tensor2, value ?? 1]);
}

/** input + value tensor1 / tensor2, of shapes that broadcast and floating point. */
export function addcdiv(input: Tensor, tensor1: Operand, tensor2: Operand, { value }: ValueOptions = {}): Tensor {
  return apply(ops.addcdiv, [input, tensor1, tensor2, value ?? 1]);
}

/** The tensor itself. Bools have no sign. */
export function positive(input: Tensor): Tensor {
  assertMeaning("positive", input, 'x.to("int32")');
  return input;
}

/** The larger of two elements; of a number and NaN the number. Where they are equal input gets the gradient. */
export function fmax(input: Tensor, other: Operand): Tensor {
  return apply(bounds.fmax, [input, other]);
}

/** The smaller of two elements; of a number and NaN the number. Where they are equal input gets the gradient. */
export function fmin(input: Tensor, other: Operand): Tensor {
  return apply(bounds.fmin, [input, other]);
}

/** The greatest common divisor of integers, not negative; gcd(0, b) = |b|. */
export function gcd(input: Operand, other: Operand): Tensor {
  return apply(gcdOp, [input, other]);
}

/** The least common multiple of integers, not negative; 0 where either is. */
export function lcm(input: Operand, other: Operand): Tensor {
  return apply(lcmOp, [input, other]);
}
