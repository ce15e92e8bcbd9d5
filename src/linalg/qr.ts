// QR decomposition by Householder reflections.

import { checkChoice } from "../core/check.js";
import { AutogradError, ShapeError } from "../core/errors.js";
import { geqrf as op } from "../ops/linalg.js";
import * as autograd from "../tensor/autograd.js";
import { cat } from "../tensor/join.js";
import { applyMulti, type Tensor } from "../tensor/tensor.js";
import { checkMatrix, diagonal, diagonalMatrix, identity, sizes, withUnitDiagonal } from "./matrices.js";
import { solveTriangular } from "./triangular.js";

type Mode = "reduced" | "complete" | "r";

/**
 * A = Q R with Q^T Q = I and R upper triangular: [..., m, n] -> Q [..., m, k], R [..., k, n].
 * @param options.mode - "reduced" (the default): k = min(m, n); "complete": k = m; "r": Q is empty
 *
 * The derivative needs linearly independent columns among the first k, and "r" and, for m > n, "complete" have none.
 */
export function qr(A: Tensor, { mode = "reduced" }: { readonly mode?: Mode } = {}): { Q: Tensor; R: Tensor } {
  checkMatrix("linalg.qr", A);
  checkChoice("linalg.qr", "mode", mode, ["reduced", "complete", "r"]);
  const [Q, R] = Factor.apply(A, mode) as [Tensor, Tensor];
  return { Q, R };
}

/** torch.qr: linalg.qr with `some` in place of the mode. */
export function qrOld(A: Tensor, { some = true }: { readonly some?: boolean } = {}): { Q: Tensor; R: Tensor } {
  return qr(A, { mode: some ? "reduced" : "complete" });
}

/**
 * With M the upper triangle of dR R^T - Q^T dQ and S = M + M^T less one diagonal:  dA = (dQ + Q S) R^-T  for m >= n. For
 * m < n, where A = (A1 | A2), A1 = Q R1 and R2 = Q^T A2, the first part gets A2 dR2^T on top of dQ, and the second is Q dR2
 * (Walter and Lehmann, "Algorithmic differentiation of linear algebra functions", 2010).
 */
class Factor extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor, mode: Mode): Tensor[] {
    const [m, n] = sizes(A);
    const k = Math.min(m, n);
    const rows = mode === "complete" ? m : k;
    const [a, tau] = applyMulti(op, [A]) as [Tensor, Tensor];
    const upper = a.narrow(-2, 0, k).triu();
    const shape = upper.shape.with(-2, rows);
    const R = rows > k ? upper.sliceInto(shape, { dim: A.ndim - 2, start: 0, length: k, step: 1 }) : upper;
    const Q =
      mode === "r"
        ? A.detach().reshape([-1]).narrow(0, 0, 0)
        : reflect(a, tau, identity(A.shape.slice(0, -2), m, rows));
    ctx.saveForBackward(Q, R);
    ctx["mode"] = mode;
    return [Q, R];
  }
  static override backward(ctx: autograd.FunctionContext, dQ: Tensor, dR: Tensor): (Tensor | null)[] {
    const [Q, R] = ctx.savedTensors as [Tensor, Tensor];
    if (ctx["mode"] === "r") throw new AutogradError("linalg.qr", 'has no derivative with mode "r"; use "reduced"');
    const [m, n] = [Q.shape.at(-2)!, R.shape.at(-1)!];
    if (ctx["mode"] === "complete" && m > n) {
      throw new AutogradError("linalg.qr", 'has no derivative with mode "complete" for m > n; use "reduced"');
    }
    if (m >= n) return [tall(Q, R, dQ, dR), null];
    const [R2, dR2] = [R.narrow(-1, m, n - m), dR.narrow(-1, m, n - m)];
    const more = dQ.add(Q.matmul(R2).matmul(dR2.mT));
    return [cat([tall(Q, R.narrow(-1, 0, m), more, dR.narrow(-1, 0, m)), Q.matmul(dR2)], -1), null];
  }
}

function tall(Q: Tensor, R: Tensor, dQ: Tensor, dR: Tensor): Tensor {
  const M = dR.matmul(R.mT).sub(Q.mT.matmul(dQ)).triu();
  const S = M.add(M.mT).sub(diagonalMatrix(diagonal(M)));
  return solveTriangular(R.mT, dQ.add(Q.matmul(S)), { upper: false, left: false });
}

/** LAPACK's form of Q R: R on and above the diagonal, below it the vectors of reflections whose factors are tau. Not differentiable. */
export function geqrf(x: Tensor): { a: Tensor; tau: Tensor } {
  checkMatrix("geqrf", x);
  const [a, tau] = applyMulti(op, [x]) as [Tensor, Tensor];
  return { a, tau };
}

/** The first n columns of H_1 ... H_k, with H_i = I - tau_i v_i v_i^T: x [..., m, n] as geqrf leaves it, tau [..., k]. */
export function householderProduct(x: Tensor, tau: Tensor): Tensor {
  checkReflections("linalg.householderProduct", x, tau);
  const [m, n] = sizes(x);
  return reflect(x, tau, identity(x.shape.slice(0, -2), m, n));
}

export interface OrmqrOptions {
  /** Whether Q stands on the left of the other matrix. Default true. */
  readonly left?: boolean;
  /** Whether Q^T stands in Q's place. Default false. */
  readonly transpose?: boolean;
}

/** Q C, Q^T C, C Q or C Q^T, where Q is the product of all reflections of x and tau, as geqrf leaves them. */
export function ormqr(
  x: Tensor,
  tau: Tensor,
  C: Tensor,
  { left = true, transpose = false }: OrmqrOptions = {},
): Tensor {
  checkReflections("ormqr", x, tau);
  checkMatrix("ormqr", C);
  if (C.shape.at(left ? -2 : -1) !== x.shape.at(-2)) {
    throw new ShapeError(
      "ormqr",
      [x.shape, C.shape],
      `the second must have ${x.shape.at(-2)} ${left ? "rows" : "columns"}`,
    );
  }
  return left ? reflect(x, tau, C, transpose) : reflect(x, tau, C.mT, !transpose).mT;
}

/**
 * H_1 ... H_k C = C - V T V^T C with an upper triangular T, for which T^-1 = diag(1 / tau) + triu(V^T V, 1) (Puglisi,
 * "Modification of the Householder method based on the compact WY representation", 1992); here without the division:
 * (I + diag(tau) triu(V^T V, 1)) T = diag(tau).
 */
function reflect(x: Tensor, tau: Tensor, C: Tensor, isTransposed = false): Tensor {
  const V = withUnitDiagonal(x.narrow(-1, 0, tau.shape.at(-1)!).tril(-1));
  const inner = tau.unsqueeze(-1).mul(V.mT.matmul(V).triu(1));
  const T = solveTriangular(inner, diagonalMatrix(tau), { upper: true, unitriangular: true });
  return C.sub(V.matmul((isTransposed ? T.mT : T).matmul(V.mT.matmul(C))));
}

function checkReflections(op: string, x: Tensor, tau: Tensor): void {
  checkMatrix(op, x);
  const k = tau.shape.at(-1);
  const [m, n] = sizes(x);
  if (tau.ndim === x.ndim - 1 && k !== undefined && k <= Math.min(m, n)) return;
  throw new ShapeError(op, [x.shape, tau.shape], "must be [..., m, n] and [..., k] with k at most m and n");
}
