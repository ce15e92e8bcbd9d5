// Hurwitz's zeta function.

import { zeta as zetaOp } from "../ops/gamma.js";
import { apply, type Operand, type Tensor } from "../tensor/tensor.js";

/**
 * Hurwitz's zeta function: the sum over k >= 0 of (q + k)^-s, for s > 1; NaN for s < 1, and for q < 0 unless s is whole.
 * Differentiable by q alone, as in PyTorch.
 */
export function zeta(s: Operand, q: Operand): Tensor {
  return apply(zetaOp, [s, q]);
}
