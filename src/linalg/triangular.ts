// Triangular systems.

import { ShapeError } from "../core/errors.js";
import { triangularSolve as op } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { apply, type Tensor } from "../tensor/tensor.js";
import { checkMatrix, checkSquare, sameBatch, sizes } from "./matrices.js";

export interface SolveTriangularOptions {
  /** Which triangle of A is read. */
  readonly upper: boolean;
  /** Whether the system is A X = B; otherwise X A = B. Default true. */
  readonly left?: boolean;
  /** Whether A's diagonal is taken for 1 and not read. Default false. */
  readonly unitriangular?: boolean;
}

/** X of A X = B for a triangular A: [..., n, n] and [..., n, k] -> [..., n, k]. A zero on the diagonal gives infinity. */
export function solveTriangular(
  A: Tensor,
  B: Tensor,
  { upper: isUpper, left = true, unitriangular = false }: SolveTriangularOptions,
): Tensor {
  const name = "linalg.solveTriangular";
  checkSquare(name, A);
  checkMatrix(name, B);
  if (A.shape.at(-1) !== B.shape.at(left ? -2 : -1)) {
    throw new ShapeError(
      name,
      [A.shape, B.shape],
      left ? "must be [.., n, n] and [.., n, k]" : "must be [.., n, n] and [.., k, n]",
    );
  }
  const [a, b] = sameBatch(name, A, B) as [Tensor, Tensor];
  if (left) return Solve.apply(a, b, Boolean(isUpper), unitriangular);
  return Solve.apply(a.mT, b.mT, !isUpper, unitriangular).mT;
}

/**
 * A X = B with a triangular A. As A dX + dA X = dB:
 * dL/dB = A^-T dL/dX,  dL/dA = -dL/dB X^T, of which A's triangle counts.
 */
class Solve extends autograd.Function {
  static override forward(
    ctx: autograd.FunctionContext,
    a: Tensor,
    b: Tensor,
    isUpper: boolean,
    isUnit: boolean,
  ): Tensor {
    const x = apply(op, [a, b], { isUpper, isUnit });
    ctx.saveForBackward(a, x);
    Object.assign(ctx, { isUpper, isUnit });
    return x;
  }
  static override backward(ctx: autograd.FunctionContext, dx: Tensor): (Tensor | null)[] {
    const [a, x] = ctx.savedTensors as [Tensor, Tensor];
    const { isUpper, isUnit } = ctx as unknown as { isUpper: boolean; isUnit: boolean };
    const db = Solve.apply(a.mT, dx, !isUpper, isUnit);
    if (!ctx.needsInputGrad[0]) return [null, db, null, null];
    const da = db.matmul(x.mT).neg();
    const distance = isUnit ? 1 : 0;
    return [isUpper ? da.triu(distance) : da.tril(-distance), db, null, null];
  }
}

export interface TriangularSolveOptions {
  /** Default true. */
  readonly upper?: boolean;
  /** Whether A^T X = B is meant. Default false. */
  readonly transpose?: boolean;
  readonly unitriangular?: boolean;
}

/** torch.triangular_solve: X of A X = B, and A again. `linalg.solveTriangular` is its successor. */
export function triangularSolve(
  B: Tensor,
  A: Tensor,
  { upper: isUpper = true, transpose = false, unitriangular = false }: TriangularSolveOptions = {},
): { solution: Tensor; clonedCoefficient: Tensor } {
  const a = transpose ? A.mT : A;
  const solution = solveTriangular(a, B, { upper: isUpper !== transpose, unitriangular });
  const batch = solution.shape.slice(0, -2);
  return { solution, clonedCoefficient: A.expand([...batch, ...sizes(A)]).clone() };
}
