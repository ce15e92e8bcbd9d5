// torch's own names for linear algebra, beside the namespace linalg.

export { cholesky, choleskyInverse, choleskySolve } from "./cholesky.js";
export { det, logdet, slogdet } from "./det.js";
export { matrixExp, matrixPower } from "./functions.js";
export { luOld as lu, luSolveOld as luSolve, luUnpack } from "./lu.js";
export { pinverse } from "./pinv.js";
export { geqrf, ormqr, qrOld as qr } from "./qr.js";
export { svdOld as svd } from "./svd.js";
export { triangularSolve } from "./triangular.js";
