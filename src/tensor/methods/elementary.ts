// Methods of tensors that are functions of one number: elementary functions, rounding, activations.

import * as activation from "../../ops/activation.js";
import * as math from "../../ops/math.js";
import * as softmaxes from "../../ops/softmax.js";
import { dimOf } from "../base.js";
import { apply } from "../construct.js";
import type { Tensor } from "../tensor.js";
import { ArithmeticMethods } from "./arithmetic.js";

// biome-ignore format: one line per method
export abstract class ElementaryMethods extends ArithmeticMethods {
  exp(): Tensor { return apply(math.exp, [this]); }
  expm1(): Tensor { return apply(math.expm1, [this]); }
  log(): Tensor { return apply(math.log, [this]); }
  log1p(): Tensor { return apply(math.log1p, [this]); }
  log2(): Tensor { return this.log().mul(Math.LOG2E); }
  log10(): Tensor { return this.log().mul(Math.LOG10E); }
  sqrt(): Tensor { return apply(math.sqrt, [this]); }
  rsqrt(): Tensor { return apply(math.rsqrt, [this]); }
  reciprocal(): Tensor { return apply(math.reciprocal, [this]); }
  square(): Tensor { return apply(math.square, [this]); }
  sin(): Tensor { return apply(math.sin, [this]); }
  cos(): Tensor { return apply(math.cos, [this]); }
  erf(): Tensor { return apply(math.erf, [this]); }
  floor(): Tensor { return apply(math.floor, [this]); }
  ceil(): Tensor { return apply(math.ceil, [this]); }
  trunc(): Tensor { return apply(math.trunc, [this]); }
  round(): Tensor { return apply(math.round, [this]); }
  relu(): Tensor { return apply(activation.relu, [this]); }
  sigmoid(): Tensor { return apply(activation.sigmoid, [this]); }
  tanh(): Tensor { return apply(activation.tanh, [this]); }
  softmax(dim: number): Tensor { return apply(softmaxes.softmax, [this], dimOf(this, "softmax", dim)); }
  logSoftmax(dim: number): Tensor { return apply(softmaxes.logSoftmax, [this], dimOf(this, "logSoftmax", dim)); }
}
