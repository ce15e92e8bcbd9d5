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
  /** this * other; of bools, and. */
  mul(other: Operand): Tensor { return apply(arithmetic.mul, [this, other]); }
  /** The quotient, integers as float32; with `roundingMode` "trunc" or "floor" a whole one, in the operands' dtype. */
  div(other: Operand, options?: DivOptions): Tensor { return apply(divisionOf(options), [this, other]); }
  /** The same as div without `roundingMode`: this / other, integers as float32. */
  trueDivide(other: Operand): Tensor { return this.div(other); }
  /** this / other rounded down, as Python's `//`. An integer divided by 0 is itself; PyTorch throws there. */
  floorDivide(other: Operand): Tensor { return apply(division.floorDivide, [this, other]); }
  /** this - other trunc(this / other): the remainder with this tensor's sign, as C's fmod. An integer's by 0 is 0. */
  fmod(other: Operand): Tensor { return apply(division.fmod, [this, other]); }
  /** this - other floor(this / other): the remainder with the sign of `other`, as Python's `%`. An integer's by 0 is 0. */
  remainder(other: Operand): Tensor { return apply(division.remainder, [this, other]); }
  /** this^power; 0^0 is 1. Integers stay integers, and throw for a negative number. */
  pow(power: Operand): Tensor { return apply(arithmetic.pow, [this, exponent(this.self, power)]); }
  /** The angle of the point (x, y) = (other, this), from -pi to pi; integers as float32. */
  atan2(other: Operand): Tensor { return apply(pairs.atan2, [this, other]); }
  /** @internal */
  xlogy(other: Tensor): Tensor { return apply(pairs.xlogy, [this, other]); }
  /** @internal */
  xlog1py(other: Tensor): Tensor { return apply(pairs.xlog1py, [this, other]); }
  /** The larger of the two; NaN if either is. Equal ones get half of the gradient each. */
  maximum(other: Operand): Tensor { return apply(bounds.maximum, [this, other]); }
  /** The smaller of the two; NaN if either is. Equal ones get half of the gradient each. */
  minimum(other: Operand): Tensor { return apply(bounds.minimum, [this, other]); }
  /** From this tensor to `end`: this + weight (end - this). */
  lerp(end: Tensor, weight: Operand): Tensor { return apply(arithmetic.lerp, [this, end, weight]); }
  /** -x; uint8 wraps around, bools throw: logicalNot(). */
  neg(): Tensor { return apply(arithmetic.neg, [this]); }
  /** |x|; the derivative at 0 is 0. */
  abs(): Tensor { return apply(arithmetic.abs, [this]); }
  /** -1, 0 or 1, in x's dtype; 0 for NaN. The derivative is 0. */
  sign(): Tensor { return apply(arithmetic.sign, [this]); }

  /** this == other, as bool; false where either is NaN. */
  eq(other: Operand): Tensor { return apply(comparison.eq, [this, other]); }
  /** this != other, as bool; true where either is NaN. */
  ne(other: Operand): Tensor { return apply(comparison.ne, [this, other]); }
  /** this < other, as bool; false where either is NaN. */
  lt(other: Operand): Tensor { return apply(comparison.lt, [this, other]); }
  /** this <= other, as bool; false where either is NaN. */
  le(other: Operand): Tensor { return apply(comparison.le, [this, other]); }
  /** this > other, as bool; false where either is NaN. */
  gt(other: Operand): Tensor { return apply(comparison.gt, [this, other]); }
  /** this >= other, as bool; false where either is NaN. */
  ge(other: Operand): Tensor { return apply(comparison.ge, [this, other]); }
  /** Whether both are nonzero, as bool; NaN is nonzero. */
  logicalAnd(other: Operand): Tensor { return apply(comparison.logicalAnd, [this, other]); }
  /** Whether either is nonzero, as bool; NaN is nonzero. */
  logicalOr(other: Operand): Tensor { return apply(comparison.logicalOr, [this, other]); }
  /** Whether exactly one is nonzero, as bool; NaN is nonzero. */
  logicalXor(other: Operand): Tensor { return apply(comparison.logicalXor, [this, other]); }
  /** Whether x is 0, as bool. */
  logicalNot(): Tensor { return apply(comparison.logicalNot, [this]); }
  /** Whether x is NaN, as bool; never for integers. */
  isnan(): Tensor { return apply(comparison.isnan, [this]); }
  /** Whether x is infinite, of either sign, as bool; never for integers. */
  isinf(): Tensor { return apply(comparison.isinf, [this]); }
  /** Whether x is neither infinite nor NaN, as bool; always for integers. */
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
  /** max(x, min), NaN if either is. The gradient goes to x where x >= min, else to min. */
  clampMin(min: Operand): Tensor { return apply(bounds.clampMin, [this, bound(this.dtype, min)]); }
  /** min(x, max), NaN if either is. The gradient goes to x where x <= max, else to max. */
  clampMax(max: Operand): Tensor { return apply(bounds.clampMax, [this, bound(this.dtype, max)]); }
  /** @internal An op of these operands: how derivatives, which are written below tensors, reach ops that have no method. */
  apply(op: Op<void>, ...operands: readonly Operand[]): Tensor { return apply(op, operands); }
}
