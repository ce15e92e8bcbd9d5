// Norms of matrices, and the condition number.

import { checkTensor, describe } from "../core/check.js";
import { OutOfRangeError, ShapeError, TapegradError } from "../core/errors.js";
import { isOptions, type Optional, optional } from "../core/options.js";
import { normalizeDim } from "../core/shape.js";
import { assertFloat } from "../ops/pointwise.js";
import { nuclearWith } from "../tensor/reduction.js";
import type { Tensor } from "../tensor/tensor.js";
import { checkSquare } from "./matrices.js";
import { invEx } from "./solve.js";
import { svdvals } from "./svd.js";

/**
 * "fro": the root of the sum of squares; "nuc": the sum of singular values; 2 and -2: the largest and the smallest of them;
 * 1 and -1: the largest and the smallest sum of absolute values in a column; Infinity and -Infinity: likewise in a row.
 */
export type MatrixOrder = "fro" | "nuc" | 1 | -1 | 2 | -2 | number;

export interface MatrixNormOptions {
  /** Default "fro". */
  readonly ord?: MatrixOrder | null;
  /** The dimensions of rows and of columns. Default [-2, -1]. */
  readonly dim?: readonly number[] | null;
  /** Keeps them, with size 1. Default false. */
  readonly keepdim?: boolean;
}

/** The norm of matrices in two dimensions of a tensor; the order by position or as an option. */
export function matrixNorm(A: Tensor, ord?: Optional<"ord", MatrixOrder>, options: MatrixNormOptions = {}): Tensor {
  const op = "linalg.matrixNorm";
  checkTensor(op, A);
  assertFloat(op, "A", A);
  const { dim, keepdim = false } = isOptions<MatrixNormOptions>(ord) ? ord : options;
  const order = optional<"ord", MatrixOrder>(ord, "ord", options.ord ?? "fro");
  const [row, column] = dimensions(op, A, dim ?? [-2, -1]);
  const y = normOf(op, A, order, row, column);
  if (!keepdim) return y;
  return [row, column].sort((a, b) => a - b).reduce((kept, d) => kept.unsqueeze(d), y);
}

nuclearWith((x, { dim, keepdim = false }) => {
  const dims = dim ?? (x.ndim === 2 ? [0, 1] : []);
  return matrixNorm(x, "nuc", { dim: typeof dims === "number" ? [dims] : dims, keepdim });
});

function dimensions(op: string, A: Tensor, dim: readonly number[]): [row: number, column: number] {
  if (A.ndim < 2) throw new ShapeError(op, [A.shape], "must have at least two dimensions");
  const [row, column] = dim.map((d) => normalizeDim(op, d, A.ndim));
  if (dim.length === 2 && row !== column) return [row!, column!];
  throw new OutOfRangeError(op, `dim must name two dimensions, got ${describe(dim)}`);
}

function normOf(op: string, A: Tensor, order: MatrixOrder, row: number, column: number): Tensor {
  if (order === "fro") {
    const sum = A.square().sum([row, column]);
    const isZero = sum.eq(0); // where the derivative is 0, as in PyTorch
    return sum.where(isZero.logicalNot(), 1).sqrt().where(isZero.logicalNot(), 0);
  }
  if (order === "nuc" || order === 2 || order === -2) {
    const rest = A.shape.map((_, d) => d).filter((d) => d !== row && d !== column);
    const S = svdvals(A.permute([...rest, row, column]));
    return order === "nuc" ? S.sum(-1) : order === 2 ? S.amax(-1) : S.amin(-1);
  }
  const size = Math.abs(order);
  if (size !== 1 && size !== Number.POSITIVE_INFINITY) {
    throw new TapegradError(
      op,
      `there is no norm of order ${describe(order)}; there are "fro", "nuc", 1, 2, Infinity and -1, -2, -Infinity`,
    );
  }
  const [along, over] = size === 1 ? [row, column] : [column, row];
  const sums = A.abs().sum(along, { keepdim: true });
  return (order > 0 ? sums.amax(over, { keepdim: true }) : sums.amin(over, { keepdim: true })).sum([row, column]);
}

/**
 * The condition number |A| |A^-1| for a norm of matrixNorm's; for 2 and -2 (default: 2) by singular values, whatever A's shape.
 * Singular matrices have infinity.
 */
export function cond(A: Tensor, p?: Optional<"p", MatrixOrder>): Tensor {
  const order = optional<"p", MatrixOrder>(p, "p", 2);
  if (order === 2 || order === -2) {
    const S = svdvals(A);
    if (S.shape.at(-1) === 0) return S.sum(-1);
    const [largest, smallest] = [S.select(-1, 0), S.select(-1, -1)];
    return order === 2 ? largest.div(smallest) : smallest.div(largest);
  }
  checkSquare("linalg.cond", A);
  const { inverse, info } = invEx(A);
  const y = matrixNorm(A, order).mul(matrixNorm(inverse, order));
  return y.where(info.eq(0), Number.POSITIVE_INFINITY);
}
