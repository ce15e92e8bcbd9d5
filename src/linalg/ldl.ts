// A = L D L^T of symmetric matrices. Not differentiable, as in PyTorch.

import { ShapeError } from "../core/errors.js";
import * as ops from "../ops/linalg.js";
import { apply, applyMulti, type Tensor } from "../tensor/tensor.js";
import { checkMatrix, checkSquare, sameBatch } from "./matrices.js";

interface HermitianOption {
  /** Of complex matrices only; without meaning here. */
  readonly hermitian?: boolean;
}

/**
 * L D L^T of a symmetric matrix, from its lower triangle: L below the diagonal, D, which has blocks of one or two rows, on
 * and beside it. pivots are those of LAPACK's sytrf.
 */
export function ldlFactor(A: Tensor, _options: HermitianOption = {}): { LD: Tensor; pivots: Tensor } {
  const { LD, pivots } = ldlFactorEx(A);
  return { LD, pivots };
}

/** The same, and for each matrix 0, or the first k, from 1, where D is singular. */
export function ldlFactorEx(
  A: Tensor,
  _options: HermitianOption & { readonly checkErrors?: boolean } = {},
): { LD: Tensor; pivots: Tensor; info: Tensor } {
  checkSquare("linalg.ldlFactor", A);
  const [LD, pivots, info] = applyMulti(ops.ldlFactor, [A.tril()]) as [Tensor, Tensor, Tensor];
  return { LD, pivots, info };
}

/** X of A X = B from what ldlFactor says of A: [..., n, n], [..., n] and [..., n, k] -> [..., n, k]. */
export function ldlSolve(LD: Tensor, pivots: Tensor, B: Tensor, _options: HermitianOption = {}): Tensor {
  const op = "linalg.ldlSolve";
  checkSquare(op, LD);
  checkMatrix(op, B);
  if (LD.shape.at(-1) !== B.shape.at(-2))
    throw new ShapeError(op, [LD.shape, B.shape], "must be [.., n, n] and [.., n, k]");
  const [factors, b] = sameBatch(op, LD, B) as [Tensor, Tensor];
  return apply(ops.ldlSolve, [factors, pivots.expand(factors.shape.slice(0, -1)), b]);
}
