// Methods of tensors that compute or compare two operands, element by element.

import type { Op } from "../../autograd/op.js";
import { checkTensor } from "../../core/check.js";
import * as arithmetic from "../../ops/arithmetic.js";
import * as bounds from "../../ops/bounds.js";
import * as comparison from "../../ops/comparison.js";
import * as division from "../../ops/division.js";
import * as pairs from "../../ops/pairs.js";
import {
  type AlphaOptions,
  bound,
  type ClampOptions,
  clamping,
  type DivOptions,
  divisionOf,
  exponent,
  scaled,
} from "../arithmetic.js";
import { apply, type Operand } from "../construct.js";
import type { Tensor } from "../tensor.js";
import { AutogradMethods } from "./autograd.js";

// biome-ignore format: one line per method
export abstract class ArithmeticMethods extends AutogradMethods {
  /** This tensor plus alpha (default 1) times `other`. */
  add(other: Operand, options?: AlphaOptions): Tensor { return apply(arithmetic.add, [this, scaled("add", this.self, other, options)]); }
  /** This tensor minus alpha (default 1) times `other`. */
  sub(other: Operand, options?: AlphaOptions): Tensor { return apply(arithmetic.sub, [this, scaled("sub", this.self, other, options)]); }
  mul(other: Operand): Tensor { return apply(arithmetic.mul, [this, other]); }
  /** The quotient, integers as float32; with `roundingMode` "trunc" or "floor" a whole one, in the operands' dtype. */
  div(other: Operand, options?: DivOptions): Tensor { return apply(divisionOf(options), [this, other]); }
  trueDivide(other: Operand): Tensor { return this.div(other); }
  floorDivide(other: Operand): Tensor { return apply(division.floorDivide, [this, other]); }
  fmod(other: Operand): Tensor { return apply(division.fmod, [this, other]); }
  remainder(other: Operand): Tensor { return apply(division.remainder, [this, other]); }
  pow(power: Operand): Tensor { return apply(arithmetic.pow, [this, exponent(this.self, power)]); }
  atan2(other: Operand): Tensor { return apply(pairs.atan2, [this, other]); }
  /** @internal */
  xlogy(other: Tensor): Tensor { return apply(pairs.xlogy, [this, other]); }
  /** @internal */
  xlog1py(other: Tensor): Tensor { return apply(pairs.xlog1py, [this, other]); }
  maximum(other: Operand): Tensor { return apply(bounds.maximum, [this, other]); }
  minimum(other: Operand): Tensor { return apply(bounds.minimum, [this, other]); }
  /** From this tensor to `end`: this + weight (end - this). */
  lerp(end: Tensor, weight: Operand): Tensor { return apply(arithmetic.lerp, [this, end, weight]); }
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
  /** `value` (a number, or a tensor without dimensions) where the mask holds, this tensor elsewhere; the dtype stays. */
  maskedFill(mask: Tensor, value: Operand): Tensor {
    checkTensor("maskedFill", mask);
    return apply(comparison.maskedFill, [this, mask, value]);
  }
  /** Kept within [min, max], numbers or tensors, of which one may be missing. NaN if any of them is. */
  clamp(min?: Operand | ClampOptions | null, max?: Operand | null): Tensor { return apply(...clamping(this.self, min, max)); }
  clampMin(min: Operand): Tensor { return apply(bounds.clampMin, [this, bound(this.dtype, min)]); }
  clampMax(max: Operand): Tensor { return apply(bounds.clampMax, [this, bound(this.dtype, max)]); }
  /** @internal An op of these operands: how derivatives, which are written below tensors, reach ops that have no method. */
  apply(op: Op<void>, ...operands: readonly Operand[]): Tensor { return apply(op, operands); }
}
