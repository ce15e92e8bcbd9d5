// What the other files need: checks, triangles and diagonals of matrices [..., m, n].

import { checkTensor } from "../core/check.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { broadcastLeading } from "../core/shape.js";
import { eye } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";

/** Throws unless x is a matrix of float32, or a batch of them. */
export function checkMatrix(op: string, x: Tensor): void {
  checkTensor(op, x);
  if (x.ndim < 2) throw new ShapeError(op, [x.shape], "must be a matrix, or a batch of matrices");
  if (x.dtype !== "float32") throw new DTypeError(op, `takes float32, got ${x.dtype}: use to("float32")`);
}

/** Throws unless x is a square matrix of float32, or a batch of them. */
export function checkSquare(op: string, x: Tensor): void {
  checkMatrix(op, x);
  if (x.shape.at(-1) !== x.shape.at(-2)) throw new ShapeError(op, [x.shape], "the matrix must be square");
}

/** Number of rows and columns. */
export function sizes(x: Tensor): [m: number, n: number] {
  return [x.shape.at(-2)!, x.shape.at(-1)!];
}

/** Matrices with their batch dimensions broadcast against each other. */
export function sameBatch(op: string, ...matrices: readonly Tensor[]): Tensor[] {
  const shapes = matrices.map(({ shape }) => shape);
  const batch = broadcastLeading(op, shapes, 2);
  return matrices.map((x) => x.expand([...batch, ...x.shape.slice(-2)]));
}

/** The diagonal: [..., m, n] -> [..., min(m, n)]. */
export function diagonal(x: Tensor): Tensor {
  return x.diagonalAs({ offset: 0, dim1: x.ndim - 2, dim2: x.ndim - 1 });
}

/** A diagonal matrix: [..., n] -> [..., n, n]. */
export function diagonalMatrix(x: Tensor): Tensor {
  return x.diagonalInto([...x.shape, x.shape.at(-1)!], { offset: 0, dim1: x.ndim - 1, dim2: x.ndim });
}

/** 1 on the diagonal, x elsewhere. */
export function withUnitDiagonal(x: Tensor): Tensor {
  const [m, n] = sizes(x);
  return x.where(eye(m, n, { dtype: "bool" }).logicalNot(), 1);
}

/** The identity for each matrix of a batch. */
export function identity(batch: readonly number[], n: number, m = n): Tensor {
  return eye(n, m).expand([...batch, n, m]);
}
