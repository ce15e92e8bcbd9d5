// Variances that stay the same forward and backward through a linear layer. Glorot and Bengio, "Understanding the difficulty
// of training deep feedforward neural networks", 2010.

import { named } from "../../core/options.js";
import type { Tensor } from "../../tensor/tensor.js";
import { fansOf } from "./fans.js";
import { checkFillable, type GeneratorOptions } from "./filled.js";
import { normal_, uniform_ } from "./random.js";

/** What Xavier's distributions are widened by. */
export interface XavierOptions extends GeneratorOptions {
  /** Default 1; see calculateGain. */
  readonly gain?: number;
}

/**
 * Uniform in +-gain sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, equation 16). gain may also stand by position.
 * @param tensor - a weight [out, in, ...]
 */
export function xavierUniform_<T extends Tensor>(tensor: T, gain?: number | XavierOptions | null): T {
  const { std, generator } = xavier("xavierUniform_", tensor, gain);
  const bound = Math.sqrt(3) * std;
  return uniform_(tensor, { a: -bound, b: bound, generator });
}

/**
 * Normal with standard deviation gain sqrt(2 / (fanIn + fanOut)) (Glorot and Bengio, equation 12). gain may also stand by
 * position.
 * @param tensor - a weight [out, in, ...]
 */
export function xavierNormal_<T extends Tensor>(tensor: T, gain?: number | XavierOptions | null): T {
  return normal_(tensor, xavier("xavierNormal_", tensor, gain));
}

function xavier(op: string, tensor: Tensor, given: number | XavierOptions | null | undefined) {
  checkFillable(op, tensor);
  const { gain = 1, generator } = named<XavierOptions>(given, "gain");
  const { fanIn, fanOut } = fansOf(op, tensor);
  return { std: gain * Math.sqrt(2 / (fanIn + fanOut)), generator };
}
