// Decompositions of matrices. Not differentiable by themselves: src/linalg has the derivatives.

import { defineMultiOp } from "../autograd/multi-op.js";
import { defineOp } from "../autograd/op.js";
import { ldl as launchLdl, ldlSolve as launchLdlSolve } from "../kernels/ldl.js";
import * as kernels from "../kernels/linalg.js";

/** P A = L U with L and U in one matrix, exchanges of rows, and the first 0 on U's diagonal. Not differentiable. */
export const lu = defineMultiOp({
  name: "luFactor",
  inputs: ["a"],
  outputs: ["lu", "pivots", "info"],
  shape: ({ a }, _attributes: { readonly isPivoting: boolean; readonly check?: kernels.Check | undefined }) => ({
    lu: a,
    pivots: { shape: [...a.shape.slice(0, -2), Math.min(...a.shape.slice(-2))], dtype: "int32" },
    info: { shape: a.shape.slice(0, -2), dtype: "int32" },
  }),
  forward: ({ a }, { isPivoting, check }) => kernels.lu(a, isPivoting, check),
});

/** The order of rows that exchanges lead to: [..., k] -> [..., size]. Not differentiable. */
export const luPermutation = defineOp({
  name: "luUnpack",
  inputs: ["pivots"],
  shape: ({ pivots }, size: number) => ({ shape: [...pivots.shape.slice(0, -1), size], dtype: "int32" }),
  forward: ({ pivots }, size) => kernels.luPermutation(pivots, size),
});

/** X of A X = B for a triangular A. Not differentiable. */
export const triangularSolve = defineOp({
  name: "triangularSolve",
  inputs: ["a", "b"],
  shape: ({ b }, _attributes: { readonly isUpper: boolean; readonly isUnit: boolean }) => b,
  forward: ({ a, b }, { isUpper, isUnit }) => kernels.triangularSolve(a, b, isUpper, isUnit),
});

/** L of A = L L^T, and the first leading minor that is not positive. Not differentiable. */
export const cholesky = defineMultiOp({
  name: "cholesky",
  inputs: ["a"],
  outputs: ["l", "info"],
  shape: ({ a }, _attributes: { readonly check?: kernels.Check | undefined }) => ({
    l: a,
    info: { shape: a.shape.slice(0, -2), dtype: "int32" },
  }),
  forward: ({ a }, { check }) => kernels.cholesky(a, check),
});

/** A = Q R by Householder reflections, in LAPACK's form. Not differentiable. */
export const geqrf = defineMultiOp({
  name: "geqrf",
  inputs: ["x"],
  outputs: ["a", "tau"],
  shape: ({ x }) => ({
    a: x,
    tau: { shape: [...x.shape.slice(0, -2), Math.min(...x.shape.slice(-2))], dtype: x.dtype },
  }),
  forward: ({ x }) => kernels.householderQr(x),
});

/** A symmetric matrix rotated until it is diagonal, and eigenvectors as rows. Not differentiable. */
export const jacobiEigh = defineMultiOp({
  name: "eigh",
  inputs: ["x", "identity"],
  outputs: ["a", "vectors"],
  shape: ({ x }) => ({ a: x, vectors: x }),
  forward: ({ x, identity }) => kernels.jacobiEigh(x, identity),
});

/** Rows rotated until they are orthogonal, and the rotations. Not differentiable. */
export const jacobiSvd = defineMultiOp({
  name: "svd",
  inputs: ["a", "identity"],
  outputs: ["x", "vectors"],
  shape: ({ a, identity }) => ({ x: a, vectors: identity }),
  forward: ({ a, identity }) => kernels.jacobiSvd(a, identity),
});

/** A = L D L^T with pivoting, in LAPACK's form. Not differentiable. */
export const ldlFactor = defineMultiOp({
  name: "ldlFactor",
  inputs: ["a"],
  outputs: ["ld", "pivots", "info"],
  shape: ({ a }) => ({
    ld: a,
    pivots: { shape: a.shape.slice(0, -1), dtype: "int32" },
    info: { shape: a.shape.slice(0, -2), dtype: "int32" },
  }),
  forward: ({ a }) => launchLdl(a),
});

/** X of A X = B from A = L D L^T. Not differentiable. */
export const ldlSolve = defineOp({
  name: "ldlSolve",
  inputs: ["ld", "pivots", "b"],
  shape: ({ b }) => b,
  forward: ({ ld, pivots, b }) => launchLdlSolve(ld, pivots, b),
});
