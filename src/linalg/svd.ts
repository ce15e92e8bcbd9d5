// Singular values.

import { jacobiSvd as op } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { eye } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import { applyMulti, type Tensor } from "../tensor/tensor.js";
import { divided } from "./eigh.js";
import { factor } from "./lu.js";
import { checkMatrix, diagonal, diagonalMatrix, identity, sizes, withUnitDiagonal } from "./matrices.js";
import { geqrf, qr } from "./qr.js";
import { solveTriangular } from "./triangular.js";

export interface SvdOptions {
  /** Whether U and V are square: completed by columns that no singular value belongs to. Default true. */
  readonly fullMatrices?: boolean;
}

/**
 * A = U diag(S) Vh: [..., m, n] -> U [..., m, m], S [..., k], descending, Vh [..., n, n], with k = min(m, n); without
 * fullMatrices U [..., m, k] and Vh [..., k, n]. By one-sided Jacobi rotations, for matrices of up to a few hundred rows.
 *
 * Singular vectors are determined up to their sign, and where singular values are equal up to a rotation; the gradient
 * of what depends on that choice is infinite or NaN.
 */
export function svd(A: Tensor, { fullMatrices = true }: SvdOptions = {}): { U: Tensor; S: Tensor; Vh: Tensor } {
  checkMatrix("linalg.svd", A);
  const [m, n] = sizes(A);
  const [U, S, Vh] = Factor.apply(A) as [Tensor, Tensor, Tensor];
  if (!fullMatrices || m === n) return { U, S, Vh };
  return m > n ? { U: completed(U), S, Vh } : { U, S, Vh: completed(Vh.mT).mT };
}

/** torch.svd: linalg.svd with V in place of Vh. */
export function svdOld(
  A: Tensor,
  { some = true, computeUv = true }: { readonly some?: boolean; readonly computeUv?: boolean } = {},
): { U: Tensor; S: Tensor; V: Tensor } {
  const { U, S, Vh } = svd(A, { fullMatrices: !some });
  if (computeUv) return { U, S, V: Vh.mT };
  return { U: U.detach().mul(0), S: svdvals(A), V: Vh.detach().mT.mul(0) };
}

/** The singular values, descending: [..., m, n] -> [..., min(m, n)]. */
export function svdvals(A: Tensor): Tensor {
  checkMatrix("linalg.svdvals", A);
  return Values.apply(A);
}

/**
 * Orthonormal columns with more of them, until the matrix is square: those of a product of k reflections whose first k columns
 * are U's, up to signs. With E the first columns of I, U diag(signs) - E = Y W for a unit lower triangular Y and an upper
 * triangular W, and the product is I + Y W Y1^-T Y^T (Ballard et al., "Reconstructing Householder vectors from
 * tall-skinny QR", 2014). The signs are those that leave W well conditioned.
 */
function completed(U: Tensor): Tensor {
  const [m, k] = sizes(U);
  if (U.numel() === 0) return cat([U, identity(U.shape.slice(0, -2), m, m - k)], -1);
  const signs = diagonal(geqrf(U.detach()).a).ge(0).to("float32").mul(2).sub(1).unsqueeze(-2);
  const [LU] = factor("linalg.svd", U.mul(signs).sub(eye(m, k)), false);
  const Y = withUnitDiagonal(LU.tril(-1));
  const [Y1, Y2, W] = [Y.narrow(-2, 0, k), Y.narrow(-2, k, m - k), LU.narrow(-2, 0, k).triu()];
  const T = solveTriangular(Y1.mT, W, { upper: true, left: false, unitriangular: true });
  const rest = eye(m).narrow(-1, k, m - k);
  return cat([U, rest.add(Y.matmul(T.matmul(Y2.mT)))], -1);
}

/** Lengths of rows that rotations have made orthogonal, descending; those rows; and the rotations, in the same order. */
function rotated(A: Tensor): [S: Tensor, rows: Tensor, vectors: Tensor] {
  const [n] = sizes(A);
  const largest = A.abs().amax([-2, -1], { keepdim: true });
  const scale = largest.where(largest.gt(0), 1);
  const [x, v] = applyMulti(op, [A.div(scale), identity(A.shape.slice(0, -2), n)]) as [Tensor, Tensor];
  const { values, indices } = x.square().sum(-1).sqrt().sort({ descending: true });
  const sorted = (y: Tensor): Tensor => y.gather(-2, indices.unsqueeze(-1).expand(y.shape));
  return [values.mul(scale.squeeze(-1)), sorted(x), sorted(v)];
}

function decompose(A: Tensor): [U: Tensor, S: Tensor, Vh: Tensor] {
  const [m, n] = sizes(A);
  if (A.numel() === 0) {
    const [batch, k] = [A.shape.slice(0, -2), Math.min(m, n)];
    return [identity(batch, m, k).clone(), A.sum(m < n ? -1 : -2), identity(batch, k, n).clone()];
  }
  if (m < n) {
    const [U, S, Vh] = decompose(A.mT);
    return [Vh.mT, S, U.mT];
  }
  const [S, rows, Vh] = rotated(A.mT);
  // Reflections turn the rows into an orthonormal basis, also where some are 0; the signs make it that of the rows.
  const length = rows.square().sum(-1, { keepdim: true }).sqrt();
  const { Q, R } = qr(rows.div(length.where(length.gt(0), 1)).mT);
  const U = Q.mul(diagonal(R).unsqueeze(-2).ge(0).to("float32").mul(2).sub(1));
  return [U, S, Vh];
}

/**
 * With E_ij = s_j^2 - s_i^2 and skew(X) = X - X^T:
 * dA = U (skew(U^T dU) / E S + S skew(V^T dV) / E + diag(dS)) V^T + (I - U U^T) dU S^-1 V^T + U S^-1 dV^T (I - V V^T)
 * (Townsend, "Differentiating the singular value decomposition", 2016).
 */
class Factor extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor[] {
    const parts = decompose(A);
    ctx.saveForBackward(...parts);
    return parts;
  }
  static override backward(ctx: autograd.FunctionContext, dU: Tensor, dS: Tensor, dVh: Tensor): Tensor {
    const [U, S, Vh] = ctx.savedTensors as [Tensor, Tensor, Tensor];
    const [m, n, k] = [U.shape.at(-2)!, Vh.shape.at(-1)!, S.shape.at(-1)!];
    // (s_j - s_i) (s_j + s_i): the squares' difference would lose digits of values that lie close together.
    const [row, column] = [S.unsqueeze(-2), S.unsqueeze(-1)];
    const E = row.sub(column).mul(row.add(column));
    const skew = (x: Tensor): Tensor => divided(x.sub(x.mT), E);
    const inner = skew(U.mT.matmul(dU))
      .mul(row)
      .add(skew(Vh.matmul(dVh.mT)).mul(column))
      .add(diagonalMatrix(dS));
    let left = U.matmul(inner);
    if (m > k) {
      const outside = divided(dU, row);
      left = left.add(outside).sub(U.matmul(U.mT.matmul(outside)));
    }
    const dA = left.matmul(Vh);
    if (n <= k) return dA;
    const outside = divided(dVh, column);
    return dA.add(U.matmul(outside.sub(outside.matmul(Vh.mT).matmul(Vh))));
  }
}

/** dA = U diag(dS) Vh. */
class Values extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor {
    ctx.saveForBackward(A);
    if (A.numel() === 0) return decompose(A)[1];
    const [m, n] = sizes(A);
    return rotated(m < n ? A : A.mT)[0];
  }
  static override backward(ctx: autograd.FunctionContext, dS: Tensor): Tensor {
    const [U, , Vh] = Factor.apply(ctx.savedTensors[0]!) as [Tensor, Tensor, Tensor];
    return U.mul(dS.unsqueeze(-2)).matmul(Vh);
  }
}
