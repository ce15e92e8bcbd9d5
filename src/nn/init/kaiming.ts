// Variances that stay the same through a layer with a rectifier. He, Zhang, Ren and Sun, "Delving deep into rectifiers", 2015.

import { checkChoice } from "../../core/check.js";
import { named } from "../../core/options.js";
import type { Tensor } from "../../tensor/tensor.js";
import { calculateGain, fansOf, type Nonlinearity } from "./fans.js";
import { checkFillable, type GeneratorOptions } from "./filled.js";
import { normal_, uniform_ } from "./random.js";

/** Of which pass, and through what, variances stay the same. */
export interface KaimingOptions extends GeneratorOptions {
  /** The slope of leaky ReLU. Default 0. */
  readonly a?: number;
  /** "fan_in" (the default) for the forward pass, "fan_out" for the backward pass. */
  readonly mode?: "fan_in" | "fan_out";
  /** What follows the layer; see calculateGain. Default "leaky_relu". */
  readonly nonlinearity?: Nonlinearity;
}

/**
 * Uniform in +-gain sqrt(3 / fan) (He et al., section 2.2). a may also stand by position.
 * @param tensor - a weight [out, in, ...]
 */
export function kaimingUniform_<T extends Tensor>(tensor: T, a?: number | KaimingOptions | null): T {
  const { std, generator } = kaiming("kaimingUniform_", tensor, a);
  const bound = Math.sqrt(3) * std;
  return uniform_(tensor, { a: -bound, b: bound, generator });
}

/**
 * Normal with standard deviation gain / sqrt(fan) (He et al., equations 10 and 14). a may also stand by position.
 * @param tensor - a weight [out, in, ...]
 */
export function kaimingNormal_<T extends Tensor>(tensor: T, a?: number | KaimingOptions | null): T {
  return normal_(tensor, kaiming("kaimingNormal_", tensor, a));
}

function kaiming(op: string, tensor: Tensor, given: number | KaimingOptions | null | undefined) {
  checkFillable(op, tensor);
  const { a = 0, mode = "fan_in", nonlinearity = "leaky_relu", generator } = named<KaimingOptions>(given, "a");
  const { fanIn, fanOut } = fansOf(op, tensor);
  checkChoice(op, "mode", mode, ["fan_in", "fan_out"]);
  const fan = mode === "fan_in" ? fanIn : fanOut;
  return { std: fan === 0 ? 0 : calculateGain(nonlinearity, a) / Math.sqrt(fan), generator };
}
