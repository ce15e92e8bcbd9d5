// Integers as rows of bits. One operand may be a number.

import * as ops from "../ops/bitwise.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";

/** The bits that both have; for bools, and. */
export function bitwiseAnd(input: Operand, other: Operand): Tensor {
  return apply(ops.bitwiseAnd, [input, other]);
}

/** The bits that either has; for bools, or. */
export function bitwiseOr(input: Operand, other: Operand): Tensor {
  return apply(ops.bitwiseOr, [input, other]);
}

/** The bits that exactly one has; for bools, exclusive or. */
export function bitwiseXor(input: Operand, other: Operand): Tensor {
  return apply(ops.bitwiseXor, [input, other]);
}

/** All bits inverted; for bools, not. */
export function bitwiseNot(input: Tensor): Tensor {
  return apply(ops.bitwiseNot, [input]);
}

/** input 2^other, without the bits that leave the type. What PyTorch leaves open: int32 shifts by `other` modulo 64. */
export function bitwiseLeftShift(input: Operand, other: Operand): Tensor {
  return apply(ops.bitwiseLeftShift, [input, other]);
}

/** input / 2^other rounded down. What PyTorch leaves open: int32 shifts by `other` modulo 64. */
export function bitwiseRightShift(input: Operand, other: Operand): Tensor {
  return apply(ops.bitwiseRightShift, [input, other]);
}
