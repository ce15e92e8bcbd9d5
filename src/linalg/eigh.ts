// Eigenvalues of symmetric matrices.

import { jacobiEigh as op } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { applyMulti, type Tensor } from "../tensor/tensor.js";
import { checkSquare, diagonal, diagonalMatrix, identity } from "./matrices.js";

export interface UploOptions {
  /** Which triangle of A is read: "L" (the default) or "U". */
  readonly UPLO?: "L" | "U";
}

/**
 * A = V diag(w) V^T of symmetric matrices: [..., n, n] -> w [..., n], ascending, and V [..., n, n], whose columns are
 * eigenvectors. By Jacobi's method, for matrices of up to a few hundred rows.
 *
 * Eigenvectors are determined up to their sign, and where eigenvalues are equal up to a rotation; the gradient of what
 * depends on that choice is infinite or NaN.
 */
export function eigh(A: Tensor, { UPLO = "L" }: UploOptions = {}): { eigenvalues: Tensor; eigenvectors: Tensor } {
  checkSquare("linalg.eigh", A);
  const [eigenvalues, eigenvectors] = Factor.apply(symmetric(A, UPLO)) as [Tensor, Tensor];
  return { eigenvalues, eigenvectors };
}

/** The eigenvalues of symmetric matrices, ascending: [..., n, n] -> [..., n]. */
export function eigvalsh(A: Tensor, { UPLO = "L" }: UploOptions = {}): Tensor {
  checkSquare("linalg.eigvalsh", A);
  return Values.apply(symmetric(A, UPLO));
}

function symmetric(A: Tensor, triangle: string): Tensor {
  const below = triangle.toUpperCase() === "U" ? A.mT : A;
  return below.tril().add(below.tril(-1).mT);
}

/** Eigenvalues, ascending, and eigenvectors as columns. Elements are brought to at most 1 first. */
function decompose(A: Tensor): [w: Tensor, V: Tensor] {
  const n = A.shape.at(-1)!;
  if (A.numel() === 0) return [A.sum(-1), A.clone()];
  const largest = A.abs().amax([-2, -1], { keepdim: true });
  const scale = largest.where(largest.gt(0), 1);
  const [a, rows] = applyMulti(op, [A.div(scale), identity(A.shape.slice(0, -2), n)]) as [Tensor, Tensor];
  const { values, indices } = diagonal(a).sort();
  const V = rows.gather(-2, indices.unsqueeze(-1).expand(rows.shape)).mT;
  return [values.mul(scale.squeeze(-1)), V];
}

/** dA = V (diag(dw) + (V^T dV) / E) V^T with E_ij = w_j - w_i (Giles, "Collected matrix derivative results", 2008). */
class Factor extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor[] {
    const [w, V] = decompose(A);
    ctx.saveForBackward(w, V);
    return [w, V];
  }
  static override backward(ctx: autograd.FunctionContext, dw: Tensor, dV: Tensor): Tensor {
    const [w, V] = ctx.savedTensors as [Tensor, Tensor];
    const turned = V.mT.matmul(dV);
    const skew = turned.sub(turned.mT).mul(0.5);
    const inner = divided(skew, w.unsqueeze(-2).sub(w.unsqueeze(-1))).add(diagonalMatrix(dw));
    return V.matmul(inner).matmul(V.mT);
  }
}

/** dA = V diag(dw) V^T. */
class Values extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor {
    ctx.saveForBackward(A);
    return decompose(A)[0];
  }
  static override backward(ctx: autograd.FunctionContext, dw: Tensor): Tensor {
    const [, V] = Factor.apply(ctx.savedTensors[0]!) as [Tensor, Tensor];
    return V.mul(dw.unsqueeze(-2)).matmul(V.mT);
  }
}

/** x / E, and 0 where both are 0: on the diagonal, and where nothing depends on the choice among equal values. */
export function divided(x: Tensor, E: Tensor): Tensor {
  return x.div(E.where(E.ne(0).logicalOr(x.ne(0)), 1));
}
