// Norms of vectors.

import { type Optional, optional, optionsIn } from "../core/options.js";
import { type NormOptions, vectorNorm as normOver } from "../tensor/reduction.js";
import type { Tensor } from "../tensor/tensor.js";

type Or<Name extends string, T, Options> = Optional<Name, T> | (Options & { readonly [N in Name]?: T | null });

/**
 * (sum of |x|^ord)^(1/ord) of all elements, or over dimensions; ord 0 counts the elements that are not 0, Infinity and
 * -Infinity are the largest and the smallest |x|. Default ord 2.
 */
export function vectorNorm(x: Tensor, ord?: Or<"ord", number, NormOptions>, options: NormOptions = {}): Tensor {
  return normOver("vectorNorm", x, optional<"ord", number>(ord, "ord", 2), optionsIn(ord, options));
}
