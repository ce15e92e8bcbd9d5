// Orthogonal polynomials: a is the argument, b the degree. A degree is cut off to a whole number; below 0 the polynomial
// is 0. Integers become float32 first. Not differentiable, as in PyTorch.

import type { Op } from "../autograd/op.js";
import type { WgslFile } from "../kernels/source.js";
import chebyshevFile from "../kernels/wgsl/shared/special/chebyshev.js";
import recurrences from "../kernels/wgsl/shared/special/recurrences.js";
import { callInLoop } from "./math.js";
import { binary } from "./pointwise.js";

const polynomial = (name: string, fn: string, file: WgslFile): Op<void> =>
  binary({ name, promotion: "float", ...callInLoop(fn, file, 2) });

const chebyshev = (kind: "T" | "U" | "V" | "W"): Op<void> =>
  polynomial(`chebyshevPolynomial${kind}`, `chebyshev_polynomial_${kind.toLowerCase()}`, chebyshevFile);

const shiftedChebyshev = (kind: "T" | "U" | "V" | "W"): Op<void> =>
  polynomial(`shiftedChebyshevPolynomial${kind}`, `shifted_chebyshev_polynomial_${kind.toLowerCase()}`, chebyshevFile);

/** Of the first kind: T_n(cos t) = cos(n t); not differentiable. */
export const chebyshevPolynomialT = chebyshev("T");
/** Of the second kind: U_n(cos t) = sin((n + 1) t) / sin(t); not differentiable. */
export const chebyshevPolynomialU = chebyshev("U");
/** Of the third kind: V_n(cos t) = cos((n + 1/2) t) / cos(t / 2); not differentiable. */
export const chebyshevPolynomialV = chebyshev("V");
/** Of the fourth kind: W_n(cos t) = sin((n + 1/2) t) / sin(t / 2); not differentiable. */
export const chebyshevPolynomialW = chebyshev("W");
/** T_n(2 x - 1); not differentiable. */
export const shiftedChebyshevPolynomialT = shiftedChebyshev("T");
/** U_n(2 x - 1); not differentiable. */
export const shiftedChebyshevPolynomialU = shiftedChebyshev("U");
/** V_n(2 x - 1); not differentiable. */
export const shiftedChebyshevPolynomialV = shiftedChebyshev("V");
/** W_n(2 x - 1); not differentiable. */
export const shiftedChebyshevPolynomialW = shiftedChebyshev("W");
/** The physicists': H_{n+1} = 2 x H_n - 2 n H_{n-1}; not differentiable. */
export const hermitePolynomialH = polynomial("hermitePolynomialH", "hermite_polynomial_h", recurrences);
/** The probabilists': He_{n+1} = x He_n - n He_{n-1}; not differentiable. */
export const hermitePolynomialHe = polynomial("hermitePolynomialHe", "hermite_polynomial_he", recurrences);
/** (n + 1) L_{n+1} = (2 n + 1 - x) L_n - n L_{n-1}; not differentiable. */
export const laguerrePolynomialL = polynomial("laguerrePolynomialL", "laguerre_polynomial_l", recurrences);
/** (n + 1) P_{n+1} = (2 n + 1) x P_n - n P_{n-1}; not differentiable. */
export const legendrePolynomialP = polynomial("legendrePolynomialP", "legendre_polynomial_p", recurrences);
