// Determinants, from A = P L U: the product of U's diagonal, with a sign for each exchange of rows.

import { isGradEnabled } from "../autograd/modes.js";
import * as autograd from "../tensor/autograd.js";
import { arange } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { factor, identityLike, luSolve } from "./lu.js";
import { checkSquare, diagonal, diagonalMatrix } from "./matrices.js";
import { inv, invEx } from "./solve.js";

/** PyTorch's stand-in for a 0 on U's diagonal, where the inverse is needed: the distance of 1 from the next float32. */
const EPSILON = 2 ** -23;

/** The determinant: [..., n, n] -> [...]. Singular matrices have 0, and a gradient all the same. */
export function det(A: Tensor): Tensor {
  checkSquare("linalg.det", A);
  return Determinant.apply(A);
}

/** y = det A:  dL/dA = dL/dy y A^-T. */
class Determinant extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor {
    const [LU, pivots] = factor("linalg.det", A);
    const y = diagonal(LU).prod(-1).mul(signOf(pivots));
    ctx.saveForBackward(A, LU, pivots, y);
    return y;
  }
  static override backward(ctx: autograd.FunctionContext, dy: Tensor): Tensor {
    const [A, LU, pivots, y] = ctx.savedTensors as [Tensor, Tensor, Tensor, Tensor];
    if (isGradEnabled()) {
      if (A.shape.at(-1)! <= MOST_BY_POLYNOMIAL) return adjugate(A).mT.mul(outside(dy));
      return inv(A).mT.mul(outside(dy.mul(y))); // an error for singular matrices
    }
    // Where U has a 0 on its diagonal, the derivative is the limit of those of nearby matrices.
    const U = diagonal(LU);
    const filled = U.where(U.ne(0), EPSILON);
    const factors = LU.tril(-1).add(LU.triu(1)).add(diagonalMatrix(filled));
    const near = filled.prod(-1).mul(signOf(pivots));
    return luSolve(factors, pivots, identityLike(A), { adjoint: true }).mul(outside(dy.mul(near)));
  }
}

/** Larger ones lose too many digits by Faddeev and LeVerrier's recursion. */
const MOST_BY_POLYNOMIAL = 4;

/**
 * det(A) A^-1, also where there is no inverse: a polynomial in A (Faddeev and LeVerrier), so that it has derivatives of
 * any order.
 */
function adjugate(A: Tensor): Tensor {
  const n = A.shape.at(-1)!;
  const one = identityLike(A);
  let M = one;
  for (let k = 1; k < n; k++) {
    const AM = A.matmul(M);
    M = AM.sub(one.mul(outside(diagonal(AM).sum(-1).div(k))));
  }
  return n % 2 === 1 ? M : M.neg();
}

/** Sign and logarithm of the determinant's size; of a singular matrix 0 and -infinity. */
export function slogdet(A: Tensor): { sign: Tensor; logabsdet: Tensor } {
  checkSquare("linalg.slogdet", A);
  const [sign, logabsdet] = LogDeterminant.apply(A) as [Tensor, Tensor];
  return { sign, logabsdet };
}

/** y = log |det A|:  dL/dA = dL/dy A^-T. The sign's derivative is 0. */
class LogDeterminant extends autograd.Function {
  static override forward(ctx: autograd.FunctionContext, A: Tensor): Tensor[] {
    const [LU, pivots] = factor("linalg.slogdet", A);
    const U = diagonal(LU);
    ctx.saveForBackward(A);
    return [U.sign().prod(-1).mul(signOf(pivots)), U.abs().log().sum(-1)];
  }
  static override backward(ctx: autograd.FunctionContext, _: Tensor, dy: Tensor): Tensor {
    return invEx(ctx.savedTensors[0]!).inverse.mT.mul(outside(dy));
  }
}

/** The logarithm of the determinant; NaN where that is negative. */
export function logdet(A: Tensor): Tensor {
  const { sign, logabsdet } = slogdet(A);
  return logabsdet.where(sign.ge(0), Number.NaN);
}

/** 1 for an even number of exchanges, -1 for an odd one. */
function signOf(pivots: Tensor): Tensor {
  const n = pivots.shape.at(-1)!;
  const exchanged = pivots.ne(arange(1, n + 1));
  return exchanged.sum(-1).remainder(2).mul(-2).add(1).to("float32");
}

const outside = (x: Tensor): Tensor => x.unsqueeze(-1).unsqueeze(-1);
