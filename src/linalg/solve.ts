// Systems of equations and inverses.

import { ShapeError } from "../core/errors.js";
import { numel, sameShape } from "../core/shape.js";
import type { Check } from "../kernels/linalg.js";
import * as autograd from "../tensor/autograd.js";
import type { Tensor } from "../tensor/tensor.js";
import { factor, identityLike, luSolve } from "./lu.js";
import { checkSquare } from "./matrices.js";

export interface LeftOptions {
  /** Whether the system is A X = B; otherwise X A = B. Default true. */
  readonly left?: boolean;
}

/**
 * X of A X = B: A [..., n, n], B [..., n, k] -> [..., n, k]; or vectors b [..., n], one for each matrix.
 * @throws LinAlgError at the next await if a matrix is singular
 */
export function solve(A: Tensor, B: Tensor, options: LeftOptions = {}): Tensor {
  return solveAny("linalg.solve", A, B, options, singular("linalg.solve"))[0];
}

/** The same without an error: info is 0, or the first k, from 1, with U[k, k] = 0 in A = P L U. */
export function solveEx(
  A: Tensor,
  B: Tensor,
  options: LeftOptions & { readonly checkErrors?: boolean } = {},
): { result: Tensor; info: Tensor } {
  const [result, info] = solveAny("linalg.solveEx", A, B, options);
  return { result, info };
}

function solveAny(op: string, A: Tensor, B: Tensor, { left = true }: LeftOptions, check?: Check): [Tensor, Tensor] {
  checkSquare(op, A);
  const isVector = B.ndim === 1 || (A.ndim - 1 === B.ndim && sameShape(B.shape, A.shape.slice(0, -1)));
  const b = isVector ? B.unsqueeze(-1) : left ? B : B.mT;
  if (b.ndim < 2 || b.shape.at(-2) !== A.shape.at(-1)) {
    throw new ShapeError(
      op,
      [A.shape, B.shape],
      left ? "must be [.., n, n] and [.., n, k]" : "must be [.., n, n] and [.., k, n]",
    );
  }
  const [x, info] = Solve.apply(left ? A : A.mT, b, check) as [Tensor, Tensor];
  return [isVector ? x.squeeze(-1).asBase() : left ? x : x.mT, info];
}

/** X = A^-1 B:  dL/dB = A^-T dL/dX,  dL/dA = -dL/dB X^T. */
class Solve extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor, B: Tensor, check: Check | undefined): Tensor[] {
    const [LU, pivots, info] = factor("linalg.solve", A, true, check);
    const x = luSolve(LU, pivots, B);
    ctx.saveForBackward(A, x);
    ctx["shape"] = B.shape;
    return [x, info];
  }
  static override backward(ctx: autograd.FunctionContext, dx: Tensor): (Tensor | null)[] {
    const [A, x] = ctx.savedTensors as [Tensor, Tensor];
    const [db] = Solve.apply(A.mT, dx, undefined) as [Tensor];
    const dA = ctx.needsInputGrad[0] ? db.matmul(x.mT).neg().sumToSize(A.shape) : null;
    return [dA, db.sumToSize(ctx["shape"] as number[]), null];
  }
}

/**
 * The inverse of each matrix: [..., n, n] -> [..., n, n].
 * @throws LinAlgError at the next await if a matrix is singular
 */
export function inv(A: Tensor): Tensor {
  checkSquare("linalg.inv", A);
  return (Inverse.apply(A, singular("linalg.inv")) as [Tensor])[0];
}

/** The same without an error: info is 0, or the first k, from 1, with U[k, k] = 0 in A = P L U. */
export function invEx(A: Tensor, _options: { readonly checkErrors?: boolean } = {}): { inverse: Tensor; info: Tensor } {
  checkSquare("linalg.invEx", A);
  const [inverse, info] = Inverse.apply(A, undefined) as [Tensor, Tensor];
  return { inverse, info };
}

/** Y = A^-1:  dL/dA = -Y^T dL/dY Y^T. */
class Inverse extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor, check: Check | undefined): Tensor[] {
    const [LU, pivots, info] = factor("linalg.inv", A, true, check);
    const y = luSolve(LU, pivots, identityLike(A));
    ctx.saveForBackward(y);
    return [y, info];
  }
  static override backward(ctx: autograd.FunctionContext, dy: Tensor): (Tensor | null)[] {
    const y = ctx.savedTensors[0]!.mT;
    return [y.matmul(dy).matmul(y).neg(), null];
  }
}

function singular(op: string): Check {
  return { op, problem: (k) => `the matrix is singular: element ${k} of U's diagonal is 0 in A = P L U` };
}

/** The inverse of a tensor whose first `ind` dimensions hold as many elements as the others, seen as a square matrix. */
export function tensorinv(x: Tensor, { ind = 2 }: { readonly ind?: number } = {}): Tensor {
  const [rows, columns] = [x.shape.slice(0, ind), x.shape.slice(ind)];
  if (!(ind > 0) || numel(rows) !== numel(columns)) {
    throw new ShapeError(
      "linalg.tensorinv",
      [x.shape],
      `the first ${ind} dimensions must hold as many elements as the others`,
    );
  }
  return inv(x.reshape([numel(rows), numel(columns)])).reshape([...columns, ...rows]);
}

/**
 * X with tensordot(A, X, X.ndim) = B, where A's shape is B's followed by X's.
 * @param options.dims - dimensions of A that are moved to its end first
 */
export function tensorsolve(A: Tensor, B: Tensor, { dims }: { readonly dims?: readonly number[] | null } = {}): Tensor {
  const moved = (dims ?? []).map((d) => (d < 0 ? d + A.ndim : d));
  const a = A.permute([...A.shape.map((_, d) => d).filter((d) => !moved.includes(d)), ...moved]);
  const shape = a.shape.slice(B.ndim);
  if (numel(shape) !== B.numel() || numel(a.shape) !== B.numel() ** 2) {
    throw new ShapeError(
      "linalg.tensorsolve",
      [A.shape, B.shape],
      "the first must hold the square of the second's elements",
    );
  }
  return solve(a.reshape([B.numel(), numel(shape)]), B.reshape([-1])).reshape(shape);
}
