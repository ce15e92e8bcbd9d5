// Methods of tensors that compute or compare two operands, element by element.

import * as arithmetic from "../../ops/arithmetic.js";
import * as comparison from "../../ops/comparison.js";
import * as args from "../arguments.js";
import { apply, type Operand } from "../construct.js";
import type { Tensor } from "../tensor.js";
import { AutogradMethods } from "./autograd.js";

// biome-ignore format: one line per method
export abstract class ArithmeticMethods extends AutogradMethods {
  add(other: Operand): Tensor { return apply(arithmetic.add, [this, other]); }
  sub(other: Operand): Tensor { return apply(arithmetic.sub, [this, other]); }
  mul(other: Operand): Tensor { return apply(arithmetic.mul, [this, other]); }
  div(other: Operand): Tensor { return apply(arithmetic.div, [this, other]); }
  floorDivide(other: Operand): Tensor { return apply(arithmetic.floorDivide, [this, other]); }
  remainder(other: Operand): Tensor { return apply(arithmetic.remainder, [this, other]); }
  pow(exponent: Operand): Tensor { return apply(arithmetic.pow, [this, args.exponent(this.dtype, exponent)]); }
  maximum(other: Operand): Tensor { return apply(arithmetic.maximum, [this, other]); }
  minimum(other: Operand): Tensor { return apply(arithmetic.minimum, [this, other]); }
  neg(): Tensor { return apply(arithmetic.neg, [this]); }
  abs(): Tensor { return apply(arithmetic.abs, [this]); }
  sign(): Tensor { return apply(arithmetic.sign, [this]); }

  eq(other: Operand): Tensor { return apply(comparison.eq, [this, other]); }
  ne(other: Operand): Tensor { return apply(comparison.ne, [this, other]); }
  lt(other: Operand): Tensor { return apply(comparison.lt, [this, other]); }
  le(other: Operand): Tensor { return apply(comparison.le, [this, other]); }
  gt(other: Operand): Tensor { return apply(comparison.gt, [this, other]); }
  ge(other: Operand): Tensor { return apply(comparison.ge, [this, other]); }
  logicalAnd(other: Operand): Tensor { return apply(comparison.logicalAnd, [this, other]); }
  logicalOr(other: Operand): Tensor { return apply(comparison.logicalOr, [this, other]); }
  logicalXor(other: Operand): Tensor { return apply(comparison.logicalXor, [this, other]); }
  logicalNot(): Tensor { return apply(comparison.logicalNot, [this]); }
  isnan(): Tensor { return apply(comparison.isnan, [this]); }
  isinf(): Tensor { return apply(comparison.isinf, [this]); }
  isfinite(): Tensor { return this.isnan().logicalOr(this.isinf()).logicalNot(); }
  /** This tensor where the condition holds, `other` elsewhere. */
  where(condition: Tensor, other: Operand): Tensor { return apply(comparison.where, [condition, this, other]); }
  /** `value` where the mask holds, this tensor elsewhere; the dtype stays this tensor's. */
  maskedFill(mask: Tensor, value: number): Tensor {
    args.checkMask("maskedFill", mask);
    return this.where(mask.logicalNot(), value).to(this.dtype);
  }
  clamp(min?: number | null, max?: number | null): Tensor { return apply(arithmetic.clamp, [this], { min: min ?? undefined, max: max ?? undefined }); }
}
