// Orthogonal polynomials. Degrees may be tensors: they are cut off to whole numbers, and below 0 the polynomial is 0. The
// recurrences take n steps: from degree 2^20 on they answer NaN. Not differentiable, as in PyTorch.

import * as polynomials from "../ops/polynomials.js";
import { apply, type Operand, type Tensor } from "../tensor/tensor.js";

/** The Chebyshev polynomial of the first kind and degree n: T_n(cos t) = cos(n t). */
export function chebyshevPolynomialT(x: Operand, n: Operand): Tensor {
  return apply(polynomials.chebyshevPolynomialT, [x, n]);
}

/** The Chebyshev polynomial of the second kind and degree n: U_n(cos t) = sin((n + 1) t) / sin(t). */
export function chebyshevPolynomialU(x: Operand, n: Operand): Tensor {
  return apply(polynomials.chebyshevPolynomialU, [x, n]);
}

/** The Chebyshev polynomial of the third kind and degree n: V_n(cos t) = cos((n + 1/2) t) / cos(t / 2). */
export function chebyshevPolynomialV(x: Operand, n: Operand): Tensor {
  return apply(polynomials.chebyshevPolynomialV, [x, n]);
}

/** The Chebyshev polynomial of the fourth kind and degree n: W_n(cos t) = sin((n + 1/2) t) / sin(t / 2). */
export function chebyshevPolynomialW(x: Operand, n: Operand): Tensor {
  return apply(polynomials.chebyshevPolynomialW, [x, n]);
}

/** T_n(2 x - 1): the Chebyshev polynomial of the first kind for [0, 1]. */
export function shiftedChebyshevPolynomialT(x: Operand, n: Operand): Tensor {
  return apply(polynomials.shiftedChebyshevPolynomialT, [x, n]);
}

/** U_n(2 x - 1): the Chebyshev polynomial of the second kind for [0, 1]. */
export function shiftedChebyshevPolynomialU(x: Operand, n: Operand): Tensor {
  return apply(polynomials.shiftedChebyshevPolynomialU, [x, n]);
}

/** V_n(2 x - 1): the Chebyshev polynomial of the third kind for [0, 1]. */
export function shiftedChebyshevPolynomialV(x: Operand, n: Operand): Tensor {
  return apply(polynomials.shiftedChebyshevPolynomialV, [x, n]);
}

/** W_n(2 x - 1): the Chebyshev polynomial of the fourth kind for [0, 1]. */
export function shiftedChebyshevPolynomialW(x: Operand, n: Operand): Tensor {
  return apply(polynomials.shiftedChebyshevPolynomialW, [x, n]);
}

/** The physicists' Hermite polynomial of degree n: H_{n+1} = 2 x H_n - 2 n H_{n-1}. */
export function hermitePolynomialH(x: Operand, n: Operand): Tensor {
  return apply(polynomials.hermitePolynomialH, [x, n]);
}

/** The probabilists' Hermite polynomial of degree n: He_{n+1} = x He_n - n He_{n-1}. */
export function hermitePolynomialHe(x: Operand, n: Operand): Tensor {
  return apply(polynomials.hermitePolynomialHe, [x, n]);
}

/** The Laguerre polynomial of degree n: (n + 1) L_{n+1} = (2 n + 1 - x) L_n - n L_{n-1}. */
export function laguerrePolynomialL(x: Operand, n: Operand): Tensor {
  return apply(polynomials.laguerrePolynomialL, [x, n]);
}

/** The Legendre polynomial of degree n: (n + 1) P_{n+1} = (2 n + 1) x P_n - n P_{n-1}. */
export function legendrePolynomialP(x: Operand, n: Operand): Tensor {
  return apply(polynomials.legendrePolynomialP, [x, n]);
}
