// LU decomposition with partial pivoting: A = P L U.

import { ShapeError } from "../core/errors.js";
import type { Check } from "../kernels/linalg.js";
import { lu as luOp, luPermutation } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { eye } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import { apply, applyMulti, type Tensor } from "../tensor/tensor.js";
import { checkMatrix, checkSquare, identity, sameBatch, sizes, withUnitDiagonal } from "./matrices.js";
import { solveTriangular } from "./triangular.js";

export interface PivotOptions {
  /** Whether rows are exchanged. Default true. */
  readonly pivot?: boolean;
}

export interface LUFactors {
  /** L below the diagonal, where its own is 1; U on and above it. */
  readonly LU: Tensor;
  /** Row k was exchanged with row pivots[k], counted from 1. */
  readonly pivots: Tensor;
}

/** @internal */
export function factor(
  op: string,
  A: Tensor,
  isPivoting = true,
  check?: Check,
): [LU: Tensor, pivots: Tensor, info: Tensor] {
  checkMatrix(op, A);
  return Factor.apply(A, isPivoting, check) as [Tensor, Tensor, Tensor];
}

/**
 * The derivative of A = P L U (Walter and Lehmann, "Algorithmic differentiation of linear algebra functions with
 * application in optimum experimental design", 2010), with the gradients GL below and GU on and above the diagonal:
 * for m <= n, with U = (U1 | U2):  P L^-T (GU + (tril(L^T GL - GU U^T, -1) U1^-T | 0))
 * for m > n, with L = (L1 over L2):  P (GL + (L1^-T triu(GU U^T - L^T GL) over 0)) U^-T
 */
class Factor extends autograd.Function {
  static override forward(
    ctx: autograd.FunctionContext,
    A: Tensor,
    isPivoting: boolean,
    check: Check | undefined,
  ): Tensor[] {
    const [LU, pivots, info] = applyMulti(luOp, [A], { isPivoting, check }) as [Tensor, Tensor, Tensor];
    ctx.saveForBackward(LU, pivots);
    return [LU, pivots, info];
  }
  static override backward(ctx: autograd.FunctionContext, G: Tensor): (Tensor | null)[] {
    const [LU, pivots] = ctx.savedTensors as [Tensor, Tensor];
    const [m, n] = sizes(LU);
    const { P, L, U } = unpack(LU, pivots);
    const [GL, GU] = [G.narrow(-1, 0, Math.min(m, n)).tril(-1), G.narrow(-2, 0, Math.min(m, n)).triu()];
    const inner = L.mT.matmul(GL).sub(GU.matmul(U.mT));
    let dA: Tensor;
    if (m <= n) {
      const U1 = U.narrow(-1, 0, m);
      const first = solveTriangular(U1.mT, inner.tril(-1), { upper: false, left: false });
      const sum = cat([first.add(GU.narrow(-1, 0, m)), GU.narrow(-1, m, n - m)], -1);
      dA = solveTriangular(L.mT, sum, { upper: true, unitriangular: true });
    } else {
      const L1 = L.narrow(-2, 0, n);
      const first = solveTriangular(L1.mT, inner.neg().triu(), { upper: true, unitriangular: true });
      const sum = cat([first.add(GL.narrow(-2, 0, n)), GL.narrow(-2, n, m - n)], -2);
      dA = solveTriangular(U.mT, sum, { upper: false, left: false });
    }
    return [P.matmul(dA), null, null];
  }
}

/** The three factors of A = P L U: [..., m, n] -> P [..., m, m], L [..., m, k], U [..., k, n] with k = min(m, n). */
export function lu(A: Tensor, { pivot = true }: PivotOptions = {}): { P: Tensor; L: Tensor; U: Tensor } {
  const [LU, pivots] = factor("linalg.lu", A, pivot);
  return unpack(LU, pivots);
}

/** A = P L U with both factors in one matrix. Singular matrices are an error only where they are divided by. */
export function luFactor(A: Tensor, { pivot = true }: PivotOptions = {}): LUFactors {
  const [LU, pivots] = factor("linalg.luFactor", A, pivot);
  return { LU, pivots };
}

/** The same, and for each matrix 0, or the first k, from 1, with U[k, k] = 0. */
export function luFactorEx(
  A: Tensor,
  { pivot = true }: PivotOptions & { readonly checkErrors?: boolean } = {},
): LUFactors & { readonly info: Tensor } {
  const [LU, pivots, info] = factor("linalg.luFactorEx", A, pivot);
  return { LU, pivots, info };
}

/** torch.lu: linalg.luFactor under its older name, with the infos if `getInfos` asks for them. */
export function luOld(
  A: Tensor,
  { pivot = true, getInfos = false }: PivotOptions & { readonly getInfos?: boolean } = {},
): LUFactors & { readonly infos?: Tensor } {
  const [LU, pivots, infos] = factor("lu", A, pivot);
  return getInfos ? { LU, pivots, infos } : { LU, pivots };
}

/** P, L and U from LU and pivots, as luFactor leaves them. What is not unpacked is empty. */
export function luUnpack(
  LU: Tensor,
  pivots: Tensor,
  { unpackData = true, unpackPivots = true }: { readonly unpackData?: boolean; readonly unpackPivots?: boolean } = {},
): { P: Tensor; L: Tensor; U: Tensor } {
  checkMatrix("luUnpack", LU);
  const { P, L, U } = unpack(LU, pivots);
  const none = (x: Tensor): Tensor => x.detach().reshape([-1]).narrow(0, 0, 0);
  return { P: unpackPivots ? P : none(P), L: unpackData ? L : none(L), U: unpackData ? U : none(U) };
}

function unpack(LU: Tensor, pivots: Tensor): { P: Tensor; L: Tensor; U: Tensor } {
  const [m, n] = sizes(LU);
  const k = Math.min(m, n);
  const L = withUnitDiagonal(LU.narrow(-1, 0, k).tril(-1));
  return { P: permutation(pivots, m).mT, L, U: LU.narrow(-2, 0, k).triu() };
}

/** The matrix that exchanges rows as the pivots say: row i of the result times A is the row of A that comes to i. */
export function permutation(pivots: Tensor, size: number): Tensor {
  const order = apply(luPermutation, [pivots], size);
  return eye(size)
    .indexSelect(0, order.reshape([-1]))
    .reshape([...order.shape, size]);
}

export interface LuSolveOptions {
  /** Whether the system is A X = B; otherwise X A = B. Default true. */
  readonly left?: boolean;
  /** Whether A^T stands in A's place. Default false. */
  readonly adjoint?: boolean;
}

/** X of A X = B from the factors of A: LU [..., n, n], pivots [..., n], B [..., n, k] -> [..., n, k]. */
export function luSolve(
  LU: Tensor,
  pivots: Tensor,
  B: Tensor,
  { left = true, adjoint = false }: LuSolveOptions = {},
): Tensor {
  const op = "linalg.luSolve";
  checkSquare(op, LU);
  checkMatrix(op, B);
  if (LU.shape.at(-1) !== B.shape.at(left ? -2 : -1)) {
    throw new ShapeError(
      op,
      [LU.shape, B.shape],
      left ? "must be [.., n, n] and [.., n, k]" : "must be [.., n, n] and [.., k, n]",
    );
  }
  if (!left) return luSolve(LU, pivots, B.mT, { adjoint: !adjoint }).mT;
  const P = permutation(pivots, LU.shape.at(-1)!);
  const [factors, b] = sameBatch(op, LU, B) as [Tensor, Tensor];
  if (adjoint) {
    const y = solveTriangular(factors.mT, b, { upper: false });
    return P.mT.matmul(solveTriangular(factors.mT, y, { upper: true, unitriangular: true }));
  }
  const y = solveTriangular(factors, P.matmul(b), { upper: false, unitriangular: true });
  return solveTriangular(factors, y, { upper: true });
}

/** torch.lu_solve: linalg.luSolve with the right-hand side first. */
export function luSolveOld(B: Tensor, LU: Tensor, pivots: Tensor): Tensor {
  return luSolve(LU, pivots, B);
}

/** @internal The identity as right-hand sides for a batch of square matrices. */
export function identityLike(A: Tensor): Tensor {
  return identity(A.shape.slice(0, -2), A.shape.at(-1)!);
}
