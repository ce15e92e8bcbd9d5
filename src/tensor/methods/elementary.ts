// Methods of tensors that are functions of one number: elementary functions, rounding, activations.

import { type Optional, optional } from "../../core/options.js";
import * as activation from "../../ops/activation.js";
import * as erfs from "../../ops/erf.js";
import * as math from "../../ops/math.js";
import * as rounding from "../../ops/rounding.js";
import * as softmaxes from "../../ops/softmax.js";
import * as trigonometry from "../../ops/trigonometry.js";
import { apply } from "../construct.js";
import { type ConvertOptions, type DimAndDType, roundTo, softmaxOf } from "../elementary.js";
import type { Tensor } from "../tensor.js";
import { ArithmeticMethods } from "./arithmetic.js";

// biome-ignore format: one line per method
export abstract class ElementaryMethods extends ArithmeticMethods {
  /** e^x; integers as float32. */
  exp(): Tensor { return apply(math.exp, [this]); }
  /** 2^x; integers as float32. */
  exp2(): Tensor { return apply(math.exp2, [this]); }
  /** e^x - 1, accurate near 0; integers as float32. */
  expm1(): Tensor { return apply(math.expm1, [this]); }
  /** ln x, to the base e; -Infinity at 0, NaN below. Integers as float32. */
  log(): Tensor { return apply(math.log, [this]); }
  /** ln(1 + x), accurate near 0; -Infinity at -1, NaN below. Integers as float32. */
  log1p(): Tensor { return apply(math.log1p, [this]); }
  /** log x to the base 2; -Infinity at 0, NaN below. Integers as float32. */
  log2(): Tensor { return apply(math.log2, [this]); }
  /** log x to the base 10; -Infinity at 0, NaN below. Integers as float32. */
  log10(): Tensor { return apply(math.log10, [this]); }
  /** The square root of x; NaN below 0. The derivative at 0 is infinite. Integers as float32. */
  sqrt(): Tensor { return apply(math.sqrt, [this]); }
  /** 1 / sqrt(x); Infinity at 0, NaN below. Integers as float32. */
  rsqrt(): Tensor { return apply(math.rsqrt, [this]); }
  /** 1 / x; infinite at 0. Integers as float32. */
  reciprocal(): Tensor { return apply(math.reciprocal, [this]); }
  /** x^2; bools are counted. */
  square(): Tensor { return apply(math.square, [this.dtype === "bool" ? this.self.to("int32") : this]); }
  /** sin(x), x in radians; integers as float32. */
  sin(): Tensor { return apply(trigonometry.sin, [this]); }
  /** cos(x), x in radians; integers as float32. */
  cos(): Tensor { return apply(trigonometry.cos, [this]); }
  /** sin(x) / cos(x), x in radians; integers as float32. */
  tan(): Tensor { return apply(trigonometry.tan, [this]); }
  /** The angle whose sine is x, from -pi / 2 to pi / 2; NaN where |x| > 1. Integers as float32. */
  asin(): Tensor { return apply(trigonometry.asin, [this]); }
  /** The angle whose cosine is x, from 0 to pi; NaN where |x| > 1. Integers as float32. */
  acos(): Tensor { return apply(trigonometry.acos, [this]); }
  /** The angle whose tangent is x, from -pi / 2 to pi / 2; integers as float32. */
  atan(): Tensor { return apply(trigonometry.atan, [this]); }
  /** (e^x - e^-x) / 2; integers as float32. */
  sinh(): Tensor { return apply(trigonometry.sinh, [this]); }
  /** (e^x + e^-x) / 2; integers as float32. */
  cosh(): Tensor { return apply(trigonometry.cosh, [this]); }
  /** The inverse of sinh: ln(x + sqrt(x^2 + 1)). Integers as float32. */
  asinh(): Tensor { return apply(trigonometry.asinh, [this]); }
  /** The inverse of cosh: ln(x + sqrt(x^2 - 1)); NaN below 1. Integers as float32. */
  acosh(): Tensor { return apply(trigonometry.acosh, [this]); }
  /** The inverse of tanh: ln((1 + x) / (1 - x)) / 2; infinite at -1 and 1, NaN beyond. Integers as float32. */
  atanh(): Tensor { return apply(trigonometry.atanh, [this]); }
  /** 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x; integers as float32. */
  erf(): Tensor { return apply(erfs.erf, [this]); }
  /** The greatest whole number <= x, in x's dtype; the derivative is 0. */
  floor(): Tensor { return apply(rounding.floor, [this]); }
  /** The least whole number >= x, in x's dtype; the derivative is 0. */
  ceil(): Tensor { return apply(rounding.ceil, [this]); }
  /** x without its fraction, in x's dtype; the derivative is 0. */
  trunc(): Tensor { return apply(rounding.trunc, [this]); }
  /** To the nearest whole number, or to `decimals` digits after the point (before it, if negative); halves to the even one. */
  round(decimals?: Optional<"decimals", number>): Tensor { return roundTo(this.self, optional(decimals, "decimals", 0)); }
  /** max(x, 0), in x's dtype; NaN stays, and the derivative at 0 is 0. Bools throw. */
  relu(): Tensor { return apply(activation.relu, [this]); }
  /** 1 / (1 + e^-x); integers as float32. */
  sigmoid(): Tensor { return apply(activation.sigmoid, [this]); }
  /** (e^x - e^-x) / (e^x + e^-x), accurate near 0; integers as float32. */
  tanh(): Tensor { return apply(activation.tanh, [this]); }
  /** e^x_i / sum_j e^x_j along `dim`, without overflow. */
  softmax(dim: DimAndDType, options?: ConvertOptions): Tensor { return softmaxOf(softmaxes.softmax, this.self, dim, options); }
  /** x_i - ln sum_j e^x_j along `dim`: log(softmax(x)) where softmax would be 0. */
  logSoftmax(dim: DimAndDType, options?: ConvertOptions): Tensor { return softmaxOf(softmaxes.logSoftmax, this.self, dim, options); }
}
