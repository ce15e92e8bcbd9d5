// Matrix products with PyTorch's rules for vectors: a vector is a row on the left and a column on the right, and the
// dimension it was given disappears from the result.

import { checkTensor } from "../core/check.js";
import { type DType, isFloatingPoint, promoteTypes } from "../core/dtype.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { broadcastLeading, broadcastsTo, type Shape, sameShape } from "../core/shape.js";
import { matmul } from "../ops/matmul.js";
import { apply } from "./construct.js";
import type { Tensor } from "./tensor.js";

/** @param op - "matmul" takes vectors, matrices and batches of them; the others what `ranks` says */
export function product(op: string, a: Tensor, b: Tensor, ranks?: Ranks): Tensor {
  check(op, a, b, ranks);
  const left = a.ndim === 1 ? a.unsqueeze(0) : a;
  const right = b.ndim === 1 ? b.unsqueeze(1) : b;
  const y = isFloatingPoint(promoteTypes(a.dtype, b.dtype)) ? apply(matmul, [left, right]) : whole(op, left, right);
  const withoutRow = a.ndim === 1 ? y.squeeze(-2) : y;
  return (b.ndim === 1 ? withoutRow.squeeze(-1) : withoutRow).asBase();
}

/** y_ij = a_i b_j. */
export function outer(op: string, a: Tensor, b: Tensor): Tensor {
  for (const operand of [a, b]) checkTensor(op, operand);
  if (a.ndim === 1 && b.ndim === 1) return a.unsqueeze(1).mul(b);
  throw new ShapeError(op, [a.shape, b.shape], vectors.wanted);
}

export interface ScaledSumOptions {
  /** What the tensor is multiplied by; with 0 it is left out, NaN and all. Default 1. */
  readonly beta?: number;
  /** What the product is multiplied by. Default 1. */
  readonly alpha?: number;
}

/** beta input + alpha product; the input broadcasts to the product. Integers cut the factors off to whole numbers. */
export function scaledSum(
  op: string,
  input: Tensor,
  product: Tensor,
  { beta = 1, alpha = 1 }: ScaledSumOptions,
): Tensor {
  if (!broadcastsTo(input.shape, product.shape)) {
    throw new ShapeError(op, [input.shape, product.shape], "the first does not broadcast to the product");
  }
  const scaled = (x: Tensor, factor: number): Tensor => {
    const exact = isFloatingPoint(x.dtype) ? factor : Math.trunc(factor);
    return exact === 1 ? x : x.mul(exact);
  };
  const y = scaled(product, alpha);
  return beta === 0 ? y : scaled(input, beta).add(y);
}

/** How many dimensions each operand must have, and what that is called. */
interface Ranks {
  readonly a: number;
  readonly b: number;
  readonly wanted: string;
  readonly fix: string;
}

const fix = "matmul() takes vectors and batches";
export const matrices: Ranks = { a: 2, b: 2, wanted: "both operands must be matrices", fix };
export const matrixAndVector: Ranks = { a: 2, b: 1, wanted: "the operands must be a matrix and a vector", fix };
export const batches: Ranks = {
  a: 3,
  b: 3,
  wanted: "both operands must be batches of matrices, [B, M, K] and [B, K, N]",
  fix,
};
export const vectors: Ranks = { a: 1, b: 1, wanted: "both operands must be vectors", fix };

/** Integers: exact modulo the dtype's range. */
function whole(op: string, a: Tensor, b: Tensor): Tensor {
  const dtype: DType = promoteTypes(a.dtype, b.dtype);
  if (dtype === "bool") throw new DTypeError(op, 'has no meaning for bools; use to("int32")');
  return a.unsqueeze(-1).mul(b.unsqueeze(-3)).sum(-2).to(dtype);
}

/** Here rather than in the op, which sees vectors as matrices. */
function check(op: string, a: Tensor, b: Tensor, ranks: Ranks | undefined): void {
  for (const operand of [a, b]) checkTensor(op, operand);
  const shapes = [a.shape, b.shape];
  if (ranks !== undefined && (a.ndim !== ranks.a || b.ndim !== ranks.b)) {
    throw new ShapeError(op, shapes, ranks.wanted, ranks.fix);
  }
  if (a.ndim === 0 || b.ndim === 0) {
    const fix = "multiply by a scalar with mul()";
    throw new ShapeError(op, shapes, "both operands need at least one dimension", fix);
  }
  const [k, k2] = [a.shape.at(-1), b.shape.at(b.ndim === 1 ? 0 : -2)];
  if (k !== k2) throw new ShapeError(op, shapes, `inner dimensions are ${k} vs ${k2}`, turned(a.shape, b.shape, k, k2));
  if (ranks === batches && !sameShape(a.shape.slice(0, 1), b.shape.slice(0, 1))) {
    throw new ShapeError(op, shapes, `the batches are ${a.shape[0]} vs ${b.shape[0]}`, "matmul() broadcasts");
  }
  if (a.ndim > 2 && b.ndim > 2) broadcastLeading(op, shapes, 2);
}

/** Which operand to transpose, if that would help. */
function turned(a: Shape, b: Shape, k: number | undefined, k2: number | undefined): string | undefined {
  if (b.length > 1 && b.at(-1) === k) return "transpose the second: b.mT";
  return a.length > 1 && a.at(-2) === k2 ? "transpose the first: a.mT" : undefined;
}
