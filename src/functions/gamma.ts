// The gamma function and its relatives.

import { checkWhole } from "../core/check.js";
import { i0 as i0Op } from "../ops/bessel.js";
import * as gamma from "../ops/gamma.js";
import { apply, type Operand, type Tensor } from "../tensor/tensor.js";

/** log |gamma(x)|; infinity at 0, -1, -2 ... The derivative is `digamma`. */
export function lgamma(x: Tensor): Tensor {
  return apply(gamma.lgamma, [x]);
}

/** psi(x), the derivative of log gamma(x); NaN at -1, -2 ..., and infinite at 0. */
export function digamma(x: Tensor): Tensor {
  return apply(gamma.digamma, [x]);
}

/** The n-th derivative of `digamma`, n = 0, 1 ...: (-1)^(n+1) n! zeta(n + 1, x). */
export function polygamma(n: number, x: Tensor): Tensor {
  checkWhole("polygamma", { n });
  if (n === 0) return digamma(x);
  if (n === 1) return apply(gamma.trigamma, [x]);
  let root = n % 2 === 0 ? -1 : 1;
  for (let k = 2; k <= n; k++) root *= Math.sqrt(k);
  return apply(gamma.zeta, [n + 1, x])
    .mul(root) // n! in two factors: it overflows where the product need not
    .mul(Math.abs(root));
}

/** The multivariate log gamma function: p (p - 1) / 4 log(pi) + sum over j < p of lgamma(x - j / 2). */
export function mvlgamma(x: Tensor, p: number): Tensor {
  checkWhole("mvlgamma", { p }, 1);
  let y = lgamma(x);
  for (let j = 1; j < p; j++) y = y.add(lgamma(x.sub(j / 2)));
  return y.add(((p * (p - 1)) / 4) * Math.log(Math.PI));
}

/**
 * P(a, x), the regularized lower incomplete gamma function: the integral of t^(a-1) exp(-t) from 0 to x, over gamma(a).
 * Differentiable by x alone, as in PyTorch.
 */
export function igamma(a: Operand, x: Operand): Tensor {
  return apply(gamma.igamma, [a, x]);
}

/** Q(a, x) = 1 - P(a, x), the regularized upper incomplete gamma function. Differentiable by x alone, as in PyTorch. */
export function igammac(a: Operand, x: Operand): Tensor {
  return apply(gamma.igammac, [a, x]);
}

/** The modified Bessel function of the first kind and order 0; NaN at infinity, as in PyTorch. */
export function i0(x: Tensor): Tensor {
  return apply(i0Op, [x]);
}
