// Pseudoinverse, rank, least squares.

import { checkChoice } from "../core/check.js";
import { isFloatingPoint } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import * as autograd from "../tensor/autograd.js";
import type { Tensor } from "../tensor/tensor.js";
import { eigh, eigvalsh } from "./eigh.js";
import { checkMatrix, checkSquare, sizes } from "./matrices.js";
import { svd, svdvals } from "./svd.js";

const EPSILON = 2 ** -23; // distance of 1 from the next float32

export interface ToleranceOptions {
  /** Singular values up to this count as 0; for each matrix of a batch with a tensor. Default 0. */
  readonly atol?: number | Tensor | null;
  /** The same relative to the largest one. Default max(m, n) times the epsilon of float32, or 0 if atol is given. */
  readonly rtol?: number | Tensor | null;
  /** Whether A is symmetric, so that eigenvalues will do. Default false. */
  readonly hermitian?: boolean;
}

/** max(atol, rtol * largest), of the shape [..., 1]. */
function threshold(A: Tensor, largest: Tensor, { atol, rtol }: ToleranceOptions): Tensor {
  const [m, n] = sizes(A);
  const hasAtol = typeof atol === "number" ? atol > 0 : atol !== undefined && atol !== null;
  const relative = rtol ?? (hasAtol ? 0 : Math.max(m, n) * EPSILON);
  const outside = (x: number | Tensor): number | Tensor => (typeof x === "number" ? x : x.unsqueeze(-1));
  const scaled = largest.mul(outside(relative));
  if (!hasAtol) return scaled;
  const least = outside(atol as number | Tensor);
  const isTensor = typeof atol === "object" && (rtol ?? null) === null;
  // A tensor of zeros is as if atol were not given, matrix by matrix.
  const other = isTensor ? largest.mul(Math.max(m, n) * EPSILON).mul((least as Tensor).le(0)) : scaled;
  return other.maximum(least);
}

/**
 * The pseudoinverse (Moore and Penrose): [..., m, n] -> [..., n, m]; singular values up to max(atol, rtol * largest) count
 * as 0. The derivative holds as long as the rank does not change.
 */
export function pinv(A: Tensor, options: ToleranceOptions = {}): Tensor {
  (options.hermitian ? checkSquare : checkMatrix)("linalg.pinv", A);
  return PseudoInverse.apply(A, options);
}

/** torch.pinverse: linalg.pinv with rcond for rtol. */
export function pinverse(A: Tensor, { rcond = 1e-15 }: { readonly rcond?: number } = {}): Tensor {
  return pinv(A, { rtol: rcond });
}

/** Y = A^+:  dA = -Y^T dY Y^T + (I - A Y) dY^T Y Y^T + Y^T Y dY^T (I - Y A), of A^T (Golub and Pereyra, 1973). */
class PseudoInverse extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor, options: ToleranceOptions): Tensor {
    const y = compute(A, options);
    ctx.saveForBackward(A, y);
    return y;
  }
  static override backward(ctx: autograd.FunctionContext, dy: Tensor): (Tensor | null)[] {
    const [A, y] = ctx.savedTensors as [Tensor, Tensor];
    const g = dy.mT; // [m, n], as A
    const first = y.mT.matmul(dy).matmul(y.mT).neg();
    const left = g.matmul(y); // [m, m]
    const second = left.sub(A.matmul(y.matmul(left))).matmul(y.mT);
    const right = y.matmul(g); // [n, n]
    const third = y.mT.matmul(right.sub(right.matmul(y).matmul(A)));
    return [first.add(second).add(third), null];
  }
}

function compute(A: Tensor, options: ToleranceOptions): Tensor {
  if (A.numel() === 0) return A.mT.clone();
  if (options.hermitian) {
    const { eigenvalues: w, eigenvectors: V } = eigh(A);
    const size = w.abs();
    const isKept = size.gt(threshold(A, size.amax(-1, { keepdim: true }), options));
    return V.mul(reciprocal(w, isKept).unsqueeze(-2)).matmul(V.mT);
  }
  const { U, S, Vh } = svd(A, { fullMatrices: false });
  const isKept = S.gt(threshold(A, S.narrow(-1, 0, 1), options));
  return Vh.mT.mul(reciprocal(S, isKept).unsqueeze(-2)).matmul(U.mT);
}

function reciprocal(x: Tensor, isKept: Tensor): Tensor {
  return x.where(isKept, 1).reciprocal().where(isKept, 0);
}

/** How many singular values are above max(atol, rtol * largest): [..., m, n] -> int32 [...]. Not differentiable. */
export function matrixRank(
  A: Tensor,
  options: ToleranceOptions & { readonly tol?: number | Tensor | null } = {},
): Tensor {
  (options.hermitian ? checkSquare : checkMatrix)("linalg.matrixRank", A);
  const S = options.hermitian ? eigvalsh(A.detach()).abs() : svdvals(A.detach());
  if (S.shape.at(-1) === 0) return S.sum(-1).to("int32");
  const { tol } = options;
  const least = tol ?? null;
  if (least !== null) return S.gt(typeof least === "number" ? least : least.unsqueeze(-1)).sum(-1);
  return S.gt(threshold(A, S.amax(-1, { keepdim: true }), options)).sum(-1);
}

export interface LstsqOptions {
  /** Singular values up to rcond times the largest count as 0. Default max(m, n) times the epsilon of float32. */
  readonly rcond?: number | null;
  /** LAPACK's driver whose results are meant; all are computed alike. Default "gelsy". */
  readonly driver?: "gels" | "gelsy" | "gelsd" | "gelss" | null;
}

/**
 * X of the least |A X - B|, and of the least |X| among those: A [..., m, n], B [..., m, k] -> X [..., n, k].
 *
 * As in PyTorch, the other results depend on the driver and are empty elsewhere: residuals [..., k], the squared distances,
 * for m > n but not with "gelsy"; rank [...] but not with "gels"; singularValues with "gelsd" and "gelss". They carry no
 * gradient.
 */
export function lstsq(
  A: Tensor,
  B: Tensor,
  { rcond, driver }: LstsqOptions = {},
): { solution: Tensor; residuals: Tensor; rank: Tensor; singularValues: Tensor } {
  const op = "linalg.lstsq";
  checkMatrix(op, A);
  const kind = driver ?? "gelsy";
  checkChoice(op, "driver", kind, ["gels", "gelsy", "gelsd", "gelss"]);
  const isVector = B.ndim === A.ndim - 1 && sameShape(B.shape, A.shape.slice(0, -1));
  const b = isVector ? B.unsqueeze(-1) : B;
  if (b.ndim < 2 || b.shape.at(-2) !== A.shape.at(-2) || !isFloatingPoint(b.dtype)) {
    throw new ShapeError(op, [A.shape, B.shape], "must be [.., m, n] and [.., m, k]");
  }
  const tolerance = rcond === undefined || rcond === null ? {} : { rtol: rcond };
  const x = pinv(A, tolerance).matmul(b);
  const [m, n] = sizes(A);
  const none = (y: Tensor): Tensor => y.detach().reshape([-1]).narrow(0, 0, 0);
  const [a, result, given] = [A.detach(), x.detach(), b.detach()];
  const hasResiduals = m > n && kind !== "gelsy";
  const S = svdvals(a);
  return {
    solution: isVector ? x.squeeze(-1).asBase() : x,
    residuals: hasResiduals ? given.sub(a.matmul(result)).square().sum(-2) : none(given),
    rank: kind === "gels" ? none(a).to("int32") : matrixRank(a, tolerance),
    singularValues: kind === "gelsd" || kind === "gelss" ? S : none(S),
  };
}
