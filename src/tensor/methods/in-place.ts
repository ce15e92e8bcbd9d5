// Methods of tensors that change them, and return them. The result must have the tensor's shape; it is converted to the
// tensor's dtype, which throws where a float would become an integer or a number a bool. So does a leaf that requires
// grad, outside of noGrad.

import { type Optional, optional } from "../../core/options.js";
import * as activation from "../../ops/activation.js";
import * as arithmetic from "../../ops/arithmetic.js";
import * as bounds from "../../ops/bounds.js";
import * as comparison from "../../ops/comparison.js";
import { copy, fill } from "../../ops/copy.js";
import * as division from "../../ops/division.js";
import * as erfs from "../../ops/erf.js";
import * as math from "../../ops/math.js";
import * as pairs from "../../ops/pairs.js";
import * as rounding from "../../ops/rounding.js";
import * as trigonometry from "../../ops/trigonometry.js";
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
import { dimOf } from "../base.js";
import { change, type Operand } from "../construct.js";
import { roundInPlace } from "../elementary.js";
import * as placing from "../placing.js";
import { replaced } from "../placing.js";
import * as scattering from "../scattering.js";
import type { Tensor } from "../tensor.js";
import { CreationMethods } from "./creation.js";

/** The factor of the product or quotient that addcmul_ and addcdiv_ add; default 1. */
interface ValueOptions {
  readonly value?: number | null;
}

// biome-ignore format: one line per method
export abstract class InPlaceMethods extends CreationMethods {
  /** this + alpha other, in place; alpha is 1 by default. Of bools, or. */
  add_(other: Operand, options?: AlphaOptions): this { return change(arithmetic.add, [this, scaled("add_", this.self, other, options)]) as this; }
  /** this - alpha other, in place; alpha is 1 by default. Bools throw. */
  sub_(other: Operand, options?: AlphaOptions): this { return change(arithmetic.sub, [this, scaled("sub_", this.self, other, options)]) as this; }
  /** this * other, in place; of bools, and. */
  mul_(other: Operand): this { return change(arithmetic.mul, [this, other]) as this; }
  /** this / other, in place, rounded as `roundingMode` says; integers throw without it. */
  div_(other: Operand, options?: DivOptions): this { return change(divisionOf(options), [this, other]) as this; }
  /** this / other rounded down, in place. An integer divided by 0 is itself. */
  floorDivide_(other: Operand): this { return change(division.floorDivide, [this, other]) as this; }
  /** The remainder with this tensor's sign, as C's fmod, in place. An integer's by 0 is 0. */
  fmod_(other: Operand): this { return change(division.fmod, [this, other]) as this; }
  /** The remainder with the sign of `other`, as Python's `%`, in place. An integer's by 0 is 0. */
  remainder_(other: Operand): this { return change(division.remainder, [this, other]) as this; }
  /** this^power, in place; integers throw for a negative number. */
  pow_(power: Operand): this { return change(arithmetic.pow, [this, exponent(this.self, power)]) as this; }
  /** The angle of the point (x, y) = (other, this), in place; integers throw. */
  atan2_(other: Operand): this { return change(pairs.atan2, [this, other]) as this; }
  /** this + weight (end - this), in place; exactly `end` at weight 1. */
  lerp_(end: Tensor, weight: Operand): this { return change(arithmetic.lerp, [this, end, weight]) as this; }
  /** this + value tensor1 tensor2, in place; value is 1 by default. */
  addcmul_(tensor1: Tensor, tensor2: Tensor, { value }: ValueOptions = {}): this { return change(arithmetic.addcmul, [this, tensor1, tensor2, value ?? 1]) as this; }
  /** this + value tensor1 / tensor2, in place; value is 1 by default. Integers throw. */
  addcdiv_(tensor1: Tensor, tensor2: Tensor, { value }: ValueOptions = {}): this { return change(arithmetic.addcdiv, [this, tensor1, tensor2, value ?? 1]) as this; }
  /** Kept within [min, max], of which one may be missing, in place. NaN if any of them is. */
  clamp_(min?: Operand | ClampOptions | null, max?: Operand | null): this { return change(...clamping(this.self, min, max)) as this; }
  /** max(x, min), in place; NaN if either is. */
  clampMin_(min: Operand): this { return change(bounds.clampMin, [this, bound(this.dtype, min)]) as this; }
  /** min(x, max), in place; NaN if either is. */
  clampMax_(max: Operand): this { return change(bounds.clampMax, [this, bound(this.dtype, max)]) as this; }

  /** 1 where this == other, else 0, in place and in this dtype. */
  eq_(other: Operand): this { return change(comparison.eq, [this, other]) as this; }
  /** 1 where this != other, also where either is NaN, else 0, in place. */
  ne_(other: Operand): this { return change(comparison.ne, [this, other]) as this; }
  /** 1 where this < other, else 0, in place. */
  lt_(other: Operand): this { return change(comparison.lt, [this, other]) as this; }
  /** 1 where this <= other, else 0, in place. */
  le_(other: Operand): this { return change(comparison.le, [this, other]) as this; }
  /** 1 where this > other, else 0, in place. */
  gt_(other: Operand): this { return change(comparison.gt, [this, other]) as this; }
  /** 1 where this >= other, else 0, in place. */
  ge_(other: Operand): this { return change(comparison.ge, [this, other]) as this; }
  /** 1 where both are nonzero, else 0, in place. */
  logicalAnd_(other: Operand): this { return change(comparison.logicalAnd, [this, other]) as this; }
  /** 1 where either is nonzero, else 0, in place. */
  logicalOr_(other: Operand): this { return change(comparison.logicalOr, [this, other]) as this; }
  /** 1 where exactly one is nonzero, else 0, in place. */
  logicalXor_(other: Operand): this { return change(comparison.logicalXor, [this, other]) as this; }
  /** 1 where x is 0, else 0, in place. */
  logicalNot_(): this { return change(comparison.logicalNot, [this]) as this; }

  /** -x, in place; bools throw. */
  neg_(): this { return change(arithmetic.neg, [this]) as this; }
  /** |x|, in place. */
  abs_(): this { return change(arithmetic.abs, [this]) as this; }
  /** -1, 0 or 1, in place; 0 for NaN. */
  sign_(): this { return change(arithmetic.sign, [this]) as this; }
  /** e^x, in place; integers throw. */
  exp_(): this { return change(math.exp, [this]) as this; }
  /** 2^x, in place; integers throw. */
  exp2_(): this { return change(math.exp2, [this]) as this; }
  /** e^x - 1, accurate near 0, in place; integers throw. */
  expm1_(): this { return change(math.expm1, [this]) as this; }
  /** ln x, in place; -Infinity at 0, NaN below. Integers throw. */
  log_(): this { return change(math.log, [this]) as this; }
  /** log x to the base 2, in place; -Infinity at 0, NaN below. Integers throw. */
  log2_(): this { return change(math.log2, [this]) as this; }
  /** log x to the base 10, in place; -Infinity at 0, NaN below. Integers throw. */
  log10_(): this { return change(math.log10, [this]) as this; }
  /** ln(1 + x), accurate near 0, in place; NaN below -1. Integers throw. */
  log1p_(): this { return change(math.log1p, [this]) as this; }
  /** The square root of x, in place; NaN below 0. Integers throw. */
  sqrt_(): this { return change(math.sqrt, [this]) as this; }
  /** 1 / sqrt(x), in place; Infinity at 0, NaN below. Integers throw. */
  rsqrt_(): this { return change(math.rsqrt, [this]) as this; }
  /** 1 / x, in place; infinite at 0. Integers throw. */
  reciprocal_(): this { return change(math.reciprocal, [this]) as this; }
  /** x^2, in place. */
  square_(): this { return change(math.square, [this]) as this; }
  /** sin(x), x in radians, in place; integers throw. */
  sin_(): this { return change(trigonometry.sin, [this]) as this; }
  /** cos(x), x in radians, in place; integers throw. */
  cos_(): this { return change(trigonometry.cos, [this]) as this; }
  /** sin(x) / cos(x), x in radians, in place; integers throw. */
  tan_(): this { return change(trigonometry.tan, [this]) as this; }
  /** The angle whose sine is x, in place; NaN where |x| > 1. Integers throw. */
  asin_(): this { return change(trigonometry.asin, [this]) as this; }
  /** The angle whose cosine is x, in place; NaN where |x| > 1. Integers throw. */
  acos_(): this { return change(trigonometry.acos, [this]) as this; }
  /** The angle whose tangent is x, in place; integers throw. */
  atan_(): this { return change(trigonometry.atan, [this]) as this; }
  /** (e^x - e^-x) / 2, in place; integers throw. */
  sinh_(): this { return change(trigonometry.sinh, [this]) as this; }
  /** (e^x + e^-x) / 2, in place; integers throw. */
  cosh_(): this { return change(trigonometry.cosh, [this]) as this; }
  /** The inverse of sinh, in place; integers throw. */
  asinh_(): this { return change(trigonometry.asinh, [this]) as this; }
  /** The inverse of cosh, in place; NaN below 1. Integers throw. */
  acosh_(): this { return change(trigonometry.acosh, [this]) as this; }
  /** The inverse of tanh, in place; NaN where |x| > 1. Integers throw. */
  atanh_(): this { return change(trigonometry.atanh, [this]) as this; }
  /** The error function erf, in place; integers throw. */
  erf_(): this { return change(erfs.erf, [this]) as this; }
  /** The greatest whole number <= x, in place. */
  floor_(): this { return change(rounding.floor, [this]) as this; }
  /** The least whole number >= x, in place. */
  ceil_(): this { return change(rounding.ceil, [this]) as this; }
  /** x without its fraction, in place. */
  trunc_(): this { return change(rounding.trunc, [this]) as this; }
  /** To the nearest whole number, or to `decimals` digits after the point; halves to the even one. */
  round_(decimals?: Optional<"decimals", number>): this { return roundInPlace(this.self, optional(decimals, "decimals", 0)) as this; }
  /** max(x, 0), in place; NaN stays. Bools throw. */
  relu_(): this { return change(activation.relu, [this]) as this; }
  /** 1 / (1 + e^-x), in place; integers throw. */
  sigmoid_(): this { return change(activation.sigmoid, [this]) as this; }
  /** (e^x - e^-x) / (e^x + e^-x), in place; integers throw. */
  tanh_(): this { return change(activation.tanh, [this]) as this; }

  /** The source's values, broadcast to this shape and converted to this dtype. */
  copy_(source: Tensor): this { return change(copy, [this, source]) as this; }
  /** `value` everywhere, converted to this dtype; a tensor is broadcast, and gets a gradient. */
  fill_(value: Operand): this { return change(fill, [this, value]) as this; }
  /** 0 everywhere. The gradient of what was there is 0. */
  zero_(): this { return this.fill_(0); }
  /** `value`, a number or a tensor without dimensions, where the mask holds; the mask is bool and may be broadcast. */
  maskedFill_(mask: Tensor, value: Operand): this { return change(comparison.maskedFill, [this, mask, value]) as this; }
  /** `src`, a tensor or a number, at the places the index names along `dim`; of several the last one stays. See scatter. */
  scatter_(dim: number, index: Tensor, src: Operand | boolean, options: scattering.ScatterOptions = {}): this { return replaced("scatter_", this, scattering.scatter("scatter_", this.self, dimOf(this, "scatter_", dim), index, src, options)); }
  /** The source's elements added at the places the index names along `dim`. Deterministic. */
  scatterAdd_(dim: number, index: Tensor, src: Tensor): this { return replaced("scatterAdd_", this, scattering.scatterAdd("scatterAdd_", this.self, dimOf(this, "scatterAdd_", dim), index, src)); }
  /** A slice of the source, times `alpha` (default 1), added at each index along `dim`. Deterministic. */
  indexAdd_(dim: number, index: Tensor, source: Tensor, options: scattering.IndexAddOptions = {}): this { return replaced("indexAdd_", this, scattering.indexAdd("indexAdd_", this.self, dimOf(this, "indexAdd_", dim), index, source, options)); }
  /** A slice of the source at each index along `dim`; of several for one index the last one stays. */
  indexCopy_(dim: number, index: Tensor, source: Tensor): this { return replaced("indexCopy_", this, placing.indexCopy("indexCopy_", this.self, dimOf(this, "indexCopy_", dim), index, source)); }
  /** `value` in the slices along `dim` that the index names; negative indices count from the end. */
  indexFill_(dim: number, index: Tensor, value: Operand | boolean): this { return replaced("indexFill_", this, placing.indexFill("indexFill_", this.self, dimOf(this, "indexFill_", dim), index, value)); }
  /** What Python writes as x[a, b] = values: `x.indexPut_([a, b], values)`; with `accumulate` values are added. */
  indexPut_(indices: readonly placing.PutIndex[], values: Tensor, options: placing.PutOptions = {}): this { return replaced("indexPut_", this, placing.indexPut("indexPut_", this.self, indices, values, options)); }
  /** The source's elements, in row-major order, where the mask holds: the first one at the first true, and so on. */
  maskedScatter_(mask: Tensor, source: Tensor): this { return replaced("maskedScatter_", this, placing.maskedScatter("maskedScatter_", this.self, mask, source)); }
}
