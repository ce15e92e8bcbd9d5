// Methods of tensors that are functions of one number: elementary functions, rounding, activations.

import type { DType } from "../../core/dtype.js";
import { type Optional, optional } from "../../core/options.js";
import * as activation from "../../ops/activation.js";
import * as erfs from "../../ops/erf.js";
import * as math from "../../ops/math.js";
import * as rounding from "../../ops/rounding.js";
import * as softmaxes from "../../ops/softmax.js";
import * as trigonometry from "../../ops/trigonometry.js";
import { dimOf } from "../base.js";
import { apply } from "../construct.js";
import { roundTo } from "../elementary.js";
import type { Tensor } from "../tensor.js";
import { ArithmeticMethods } from "./arithmetic.js";

export interface ConvertOptions {
  /** The input is converted to it first. */
  readonly dtype?: DType | null;
}

// biome-ignore format: one line per method
export abstract class ElementaryMethods extends ArithmeticMethods {
  exp(): Tensor { return apply(math.exp, [this]); }
  exp2(): Tensor { return apply(math.exp2, [this]); }
  expm1(): Tensor { return apply(math.expm1, [this]); }
  log(): Tensor { return apply(math.log, [this]); }
  log1p(): Tensor { return apply(math.log1p, [this]); }
  log2(): Tensor { return apply(math.log2, [this]); }
  log10(): Tensor { return apply(math.log10, [this]); }
  sqrt(): Tensor { return apply(math.sqrt, [this]); }
  rsqrt(): Tensor { return apply(math.rsqrt, [this]); }
  reciprocal(): Tensor { return apply(math.reciprocal, [this]); }
  /** x^2; bools are counted. */
  square(): Tensor { return apply(math.square, [this.dtype === "bool" ? this.self.to("int32") : this]); }
  sin(): Tensor { return apply(trigonometry.sin, [this]); }
  cos(): Tensor { return apply(trigonometry.cos, [this]); }
  tan(): Tensor { return apply(trigonometry.tan, [this]); }
  asin(): Tensor { return apply(trigonometry.asin, [this]); }
  acos(): Tensor { return apply(trigonometry.acos, [this]); }
  atan(): Tensor { return apply(trigonometry.atan, [this]); }
  sinh(): Tensor { return apply(trigonometry.sinh, [this]); }
  cosh(): Tensor { return apply(trigonometry.cosh, [this]); }
  asinh(): Tensor { return apply(trigonometry.asinh, [this]); }
  acosh(): Tensor { return apply(trigonometry.acosh, [this]); }
  atanh(): Tensor { return apply(trigonometry.atanh, [this]); }
  erf(): Tensor { return apply(erfs.erf, [this]); }
  floor(): Tensor { return apply(rounding.floor, [this]); }
  ceil(): Tensor { return apply(rounding.ceil, [this]); }
  trunc(): Tensor { return apply(rounding.trunc, [this]); }
  /** To the nearest whole number, or to `decimals` digits after the point (before it, if negative); halves to the even one. */
  round(decimals?: Optional<"decimals", number>): Tensor { return roundTo(this.self, optional(decimals, "decimals", 0)); }
  relu(): Tensor { return apply(activation.relu, [this]); }
  sigmoid(): Tensor { return apply(activation.sigmoid, [this]); }
  tanh(): Tensor { return apply(activation.tanh, [this]); }
  softmax(dim: number, { dtype }: ConvertOptions = {}): Tensor { return apply(softmaxes.softmax, [dtype ? this.self.to(dtype) : this], dimOf(this, "softmax", dim)); }
  logSoftmax(dim: number, { dtype }: ConvertOptions = {}): Tensor { return apply(softmaxes.logSoftmax, [dtype ? this.self.to(dtype) : this], dimOf(this, "logSoftmax", dim)); }
}
