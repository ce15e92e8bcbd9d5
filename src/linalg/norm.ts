// Norms of vectors, and of vectors or matrices.

import { OutOfRangeError, ShapeError } from "../core/errors.js";
import { type Optional, optional, optionsIn } from "../core/options.js";
import { type NormOptions, vectorNorm as normOver, type Order } from "../tensor/reduction.js";
import type { Tensor } from "../tensor/tensor.js";
import { matrixNorm } from "./matrix-norm.js";

type Or<Name extends string, T, Options> = Optional<Name, T> | (Options & { readonly [N in Name]?: T | null });

/**
 * (sum of |x|^ord)^(1/ord) of all elements, or over dimensions; ord 0 counts the elements that are not 0, Infinity and
 * -Infinity are the largest and the smallest |x|. Default ord 2.
 */
export function vectorNorm(x: Tensor, ord?: Or<"ord", number, NormOptions>, options: NormOptions = {}): Tensor {
  return normOver("linalg.vectorNorm", x, optional<"ord", number>(ord, "ord", 2), optionsIn(ord, options));
}

/**
 * The norm of vectors (see vectorNorm) or of matrices (see matrixNorm), as `dim` names one dimension or two; without it, as x
 * has one or two. Without ord, the root of the sum of squares of all elements or over `dim`.
 */
export function norm(x: Tensor, ord?: Or<"ord", Order, NormOptions>, options: NormOptions = {}): Tensor {
  const op = "linalg.norm";
  const order = optional<"ord", Order | undefined>(ord, "ord", undefined);
  const { dim, keepdim = false, dtype } = optionsIn(ord, options);
  const y = x.to(dtype ?? x.dtype);
  if (order === undefined) return normOver(op, y, 2, { dim: dim ?? null, keepdim });
  const dims = typeof dim === "number" ? [dim] : (dim ?? x.shape.map((_, d) => d));
  if (dims.length === 2) return matrixNorm(y, order, { dim: dims, keepdim });
  if (dims.length !== 1)
    throw new ShapeError(op, [x.shape], "with ord, name one dimension, of vectors, or two, of matrices");
  if (typeof order === "string")
    throw new OutOfRangeError(op, `"${order}" is a norm of matrices, and dim names vectors`);
  return normOver(op, y, order, { dim: dims, keepdim });
}
