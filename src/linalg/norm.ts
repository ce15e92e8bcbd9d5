// Norms of vectors.

import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { type Optional, optional, optionsIn } from "../core/options.js";
import { type NormOptions, norm, over } from "../tensor/reduction.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * (sum of |x|^ord)^(1/ord) of all elements, or over dimensions; ord 0 counts the elements that are not 0, Infinity and
 * -Infinity are the largest and the smallest |x|. Default ord 2.
 */
export function vectorNorm(
  x: Tensor,
  ord?: Optional<"ord", number> | (NormOptions & { readonly ord?: number | null }),
  options: NormOptions = {},
): Tensor {
  const p = optional<"ord", number>(ord, "ord", 2);
  const own = optionsIn(ord, options);
  if (typeof p !== "number") throw new OutOfRangeError("vectorNorm", `ord must be a number, got ${p}`);
  const { dims } = over(x, "vectorNorm", own.dim, {});
  if ((p < 0 || p === Infinity) && dims.some((d) => x.shape[d] === 0)) {
    throw new ShapeError("vectorNorm", [x.shape], `there is no norm of order ${p} of nothing`);
  }
  return norm("vectorNorm", x, p, own);
}
