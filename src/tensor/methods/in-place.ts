// Methods of tensors that change them.

import { type Optional, optional } from "../../core/options.js";
import * as activation from "../../ops/activation.js";
import * as arithmetic from "../../ops/arithmetic.js";
import * as bounds from "../../ops/bounds.js";
import * as comparison from "../../ops/comparison.js";
import { copy } from "../../ops/copy.js";
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
  add_(other: Operand, options?: AlphaOptions): this { return change(arithmetic.add, [this, scaled("add_", this.self, other, options)]) as this; }
  sub_(other: Operand, options?: AlphaOptions): this { return change(arithmetic.sub, [this, scaled("sub_", this.self, other, options)]) as this; }
  mul_(other: Operand): this { return change(arithmetic.mul, [this, other]) as this; }
  div_(other: Operand, options?: DivOptions): this { return change(divisionOf(options), [this, other]) as this; }
  floorDivide_(other: Operand): this { return change(division.floorDivide, [this, other]) as this; }
  fmod_(other: Operand): this { return change(division.fmod, [this, other]) as this; }
  remainder_(other: Operand): this { return change(division.remainder, [this, other]) as this; }
  pow_(power: Operand): this { return change(arithmetic.pow, [this, exponent(this.self, power)]) as this; }
  atan2_(other: Operand): this { return change(pairs.atan2, [this, other]) as this; }
  lerp_(end: Tensor, weight: Operand): this { return change(arithmetic.lerp, [this, end, weight]) as this; }
  addcmul_(tensor1: Tensor, tensor2: Tensor, { value }: ValueOptions = {}): this { return change(arithmetic.addcmul, [this, tensor1, tensor2, value ?? 1]) as this; }
  addcdiv_(tensor1: Tensor, tensor2: Tensor, { value }: ValueOptions = {}): this { return change(arithmetic.addcdiv, [this, tensor1, tensor2, value ?? 1]) as this; }
  clamp_(min?: Operand | ClampOptions | null, max?: Operand | null): this { return change(...clamping(this.self, min, max)) as this; }
  clampMin_(min: Operand): this { return change(bounds.clampMin, [this, bound(this.dtype, min)]) as this; }
  clampMax_(max: Operand): this { return change(bounds.clampMax, [this, bound(this.dtype, max)]) as this; }

  eq_(other: Operand): this { return change(comparison.eq, [this, other]) as this; }
  ne_(other: Operand): this { return change(comparison.ne, [this, other]) as this; }
  lt_(other: Operand): this { return change(comparison.lt, [this, other]) as this; }
  le_(other: Operand): this { return change(comparison.le, [this, other]) as this; }
  gt_(other: Operand): this { return change(comparison.gt, [this, other]) as this; }
  ge_(other: Operand): this { return change(comparison.ge, [this, other]) as this; }
  logicalAnd_(other: Operand): this { return change(comparison.logicalAnd, [this, other]) as this; }
  logicalOr_(other: Operand): this { return change(comparison.logicalOr, [this, other]) as this; }
  logicalXor_(other: Operand): this { return change(comparison.logicalXor, [this, other]) as this; }
  logicalNot_(): this { return change(comparison.logicalNot, [this]) as this; }

  neg_(): this { return change(arithmetic.neg, [this]) as this; }
  abs_(): this { return change(arithmetic.abs, [this]) as this; }
  sign_(): this { return change(arithmetic.sign, [this]) as this; }
  exp_(): this { return change(math.exp, [this]) as this; }
  exp2_(): this { return change(math.exp2, [this]) as this; }
  expm1_(): this { return change(math.expm1, [this]) as this; }
  log_(): this { return change(math.log, [this]) as this; }
  log2_(): this { return change(math.log2, [this]) as this; }
  log10_(): this { return change(math.log10, [this]) as this; }
  log1p_(): this { return change(math.log1p, [this]) as this; }
  sqrt_(): this { return change(math.sqrt, [this]) as this; }
  rsqrt_(): this { return change(math.rsqrt, [this]) as this; }
  reciprocal_(): this { return change(math.reciprocal, [this]) as this; }
  square_(): this { return change(math.square, [this]) as this; }
  sin_(): this { return change(trigonometry.sin, [this]) as this; }
  cos_(): this { return change(trigonometry.cos, [this]) as this; }
  tan_(): this { return change(trigonometry.tan, [this]) as this; }
  asin_(): this { return change(trigonometry.asin, [this]) as this; }
  acos_(): this { return change(trigonometry.acos, [this]) as this; }
  atan_(): this { return change(trigonometry.atan, [this]) as this; }
  sinh_(): this { return change(trigonometry.sinh, [this]) as this; }
  cosh_(): this { return change(trigonometry.cosh, [this]) as this; }
  asinh_(): this { return change(trigonometry.asinh, [this]) as this; }
  acosh_(): this { return change(trigonometry.acosh, [this]) as this; }
  atanh_(): this { return change(trigonometry.atanh, [this]) as this; }
  erf_(): this { return change(erfs.erf, [this]) as this; }
  floor_(): this { return change(rounding.floor, [this]) as this; }
  ceil_(): this { return change(rounding.ceil, [this]) as this; }
  trunc_(): this { return change(rounding.trunc, [this]) as this; }
  /** To the nearest whole number, or to `decimals` digits after the point; halves to the even one. */
  round_(decimals?: Optional<"decimals", number>): this { return roundInPlace(this.self, optional(decimals, "decimals", 0)) as this; }
  relu_(): this { return change(activation.relu, [this]) as this; }
  sigmoid_(): this { return change(activation.sigmoid, [this]) as this; }
  tanh_(): this { return change(activation.tanh, [this]) as this; }

  copy_(source: Tensor): this { return change(copy, [this, source]) as this; }
  fill_(value: Operand): this { return change(copy, [this, value]) as this; }
  zero_(): this { return this.fill_(0); }
  maskedFill_(mask: Tensor, value: Operand): this { return change(comparison.maskedFill, [this, mask, value]) as this; }
  scatter_(dim: number, index: Tensor, src: Operand | boolean, options: scattering.ScatterOptions = {}): this { return replaced("scatter_", this, scattering.scatter("scatter_", this.self, dimOf(this, "scatter_", dim), index, src, options)); }
  scatterAdd_(dim: number, index: Tensor, src: Tensor): this { return replaced("scatterAdd_", this, scattering.scatterAdd("scatterAdd_", this.self, dimOf(this, "scatterAdd_", dim), index, src)); }
  indexAdd_(dim: number, index: Tensor, source: Tensor, options: scattering.IndexAddOptions = {}): this { return replaced("indexAdd_", this, scattering.indexAdd("indexAdd_", this.self, dimOf(this, "indexAdd_", dim), index, source, options)); }
  indexCopy_(dim: number, index: Tensor, source: Tensor): this { return replaced("indexCopy_", this, placing.indexCopy("indexCopy_", this.self, dimOf(this, "indexCopy_", dim), index, source)); }
  indexFill_(dim: number, index: Tensor, value: Operand | boolean): this { return replaced("indexFill_", this, placing.indexFill("indexFill_", this.self, dimOf(this, "indexFill_", dim), index, value)); }
  /** What Python writes as x[a, b] = values: `x.indexPut_([a, b], values)`; with `accumulate` values are added. */
  indexPut_(indices: readonly placing.PutIndex[], values: Tensor, options: placing.PutOptions = {}): this { return replaced("indexPut_", this, placing.indexPut("indexPut_", this.self, indices, values, options)); }
  maskedScatter_(mask: Tensor, source: Tensor): this { return replaced("maskedScatter_", this, placing.maskedScatter("maskedScatter_", this.self, mask, source)); }
}
