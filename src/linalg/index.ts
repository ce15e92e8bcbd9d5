// The namespace `linalg`: torch.linalg.

export { cholesky, choleskyEx } from "./cholesky.js";
export { det, slogdet } from "./det.js";
export { eigh, eigvalsh } from "./eigh.js";
export { matrixExp, matrixPower, vander } from "./functions.js";
export { ldlFactor, ldlFactorEx, ldlSolve } from "./ldl.js";
export { lu, luFactor, luFactorEx, luSolve } from "./lu.js";
export { cond, matrixNorm } from "./matrix-norm.js";
export { norm, vectorNorm } from "./norm.js";
export { lstsq, matrixRank, pinv } from "./pinv.js";
export { cross, multiDot, vecdot } from "./product.js";
export { householderProduct, qr } from "./qr.js";
export { inv, invEx, solve, solveEx, tensorinv, tensorsolve } from "./solve.js";
export { svd, svdvals } from "./svd.js";
export { solveTriangular } from "./triangular.js";
