// Cholesky decomposition: A = L L^T.

import type { Check } from "../kernels/linalg.js";
import { cholesky as op } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { applyMulti, type Tensor } from "../tensor/tensor.js";
import { checkMatrix, checkSquare, diagonal, diagonalMatrix, identity, sameBatch } from "./matrices.js";
import { solveTriangular } from "./triangular.js";

export interface UpperOptions {
  /** Whether the factor is the upper triangular one, L^T. Default false. */
  readonly upper?: boolean;
}

/**
 * L of A = L L^T for symmetric positive definite A: [..., n, n] -> [..., n, n]. One triangle of A is read: the lower, or the
 * upper if `upper` asks for L^T.
 * @throws LinAlgError at the next await if a matrix is not positive definite
 */
export function cholesky(A: Tensor, { upper = false }: UpperOptions = {}): Tensor {
  return decompose("linalg.cholesky", A, upper, {
    op: "linalg.cholesky",
    problem: (k) => `the matrix is not positive definite: its leading minor of order ${k} is not positive`,
  })[0];
}

/** The same without an error: info is 0, or the first k, from 1, whose leading minor is not positive. */
export function choleskyEx(
  A: Tensor,
  { upper = false }: UpperOptions & { readonly checkErrors?: boolean } = {},
): { L: Tensor; info: Tensor } {
  const [L, info] = decompose("linalg.choleskyEx", A, upper);
  return { L, info };
}

function decompose(name: string, A: Tensor, upper: boolean, check?: Check): [L: Tensor, info: Tensor] {
  checkSquare(name, A);
  const below = upper ? A.mT : A;
  const [L, info] = Factor.apply(below.tril().add(below.tril(-1).mT), check) as [Tensor, Tensor];
  return [upper ? L.mT : L, info];
}

/** With F the lower triangle of L^T dL/dL, its diagonal halved: dL/dA = L^-T (F + F^T) / 2 L^-1 (Murray, 2016). */
class Factor extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor, check: Check | undefined): Tensor[] {
    const [L, info] = applyMulti(op, [A], { check }) as [Tensor, Tensor];
    ctx.saveForBackward(L);
    return [L, info];
  }
  static override backward(ctx: autograd.FunctionContext, dL: Tensor): (Tensor | null)[] {
    const [L] = ctx.savedTensors as [Tensor];
    const F = L.mT.matmul(dL).tril();
    const symmetric = F.add(F.mT)
      .sub(diagonalMatrix(diagonal(F)))
      .mul(0.5);
    const left = solveTriangular(L.mT, symmetric, { upper: true });
    return [solveTriangular(L, left, { upper: false, left: false }), null];
  }
}

/** X of L L^T X = B: B [..., n, k], L [..., n, n], or L^T with `upper` -> [..., n, k]. */
export function choleskySolve(B: Tensor, L: Tensor, { upper = false }: UpperOptions = {}): Tensor {
  checkSquare("choleskySolve", L);
  checkMatrix("choleskySolve", B);
  const [b, factor] = sameBatch("choleskySolve", B, L) as [Tensor, Tensor];
  return Solve.apply(b, factor, upper);
}

/**
 * A X = B with A = L L^T:  dL/dB = A^-1 dL/dX,  dL/dA = -dL/dB X^T, and of the factor (dL/dA + dL/dA^T) L. That is not zero in
 * the triangle that is not read, as in PyTorch: the factor is taken for a matrix that happens to be triangular.
 */
class Solve extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, B: Tensor, L: Tensor, upper: boolean): Tensor {
    const factor = upper ? L.mT : L;
    const x = solveTriangular(factor.mT, solveTriangular(factor, B, { upper: false }), { upper: true });
    ctx.saveForBackward(L, x);
    ctx["upper"] = upper;
    return x;
  }
  static override backward(ctx: autograd.FunctionContext, dx: Tensor): (Tensor | null)[] {
    const [L, x] = ctx.savedTensors as [Tensor, Tensor];
    const upper = ctx["upper"] as boolean;
    const dB = Solve.apply(dx, L, upper);
    const dA = dB.matmul(x.mT).neg();
    const both = dA.add(dA.mT);
    return [dB, upper ? L.matmul(both) : both.matmul(L), null];
  }
}

/** (L L^T)^-1: [..., n, n] -> [..., n, n]. */
export function choleskyInverse(L: Tensor, options: UpperOptions = {}): Tensor {
  checkSquare("choleskyInverse", L);
  return choleskySolve(identity(L.shape.slice(0, -2), L.shape.at(-1)!), L, options);
}
