// Matrix products with PyTorch's rules for vectors: a vector is a row on the left and a column on the right, and the
// dimension it was given disappears from the result.

import { checkTensor } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { broadcastLeading } from "../core/shape.js";
import type { Tensor } from "./tensor.js";

/** @param op - "mm" takes two matrices and nothing else */
export function product(op: "matmul" | "mm", a: Tensor, b: Tensor, matmul: (a: Tensor, b: Tensor) => Tensor): Tensor {
  check(op, a, b);
  const left = a.ndim === 1 ? a.unsqueeze(0) : a;
  const right = b.ndim === 1 ? b.unsqueeze(1) : b;
  const y = matmul(left, right);
  const withoutRow = a.ndim === 1 ? y.squeeze(-2) : y;
  return (b.ndim === 1 ? withoutRow.squeeze(-1) : withoutRow).asBase();
}

/** Here rather than in the op, which sees vectors as matrices. */
function check(op: string, a: Tensor, b: Tensor): void {
  checkTensor(op, b);
  const shapes = [a.shape, b.shape];
  if (op === "mm" && (a.ndim !== 2 || b.ndim !== 2)) {
    throw new ShapeError(op, shapes, "both operands must be matrices", "matmul() takes vectors and batches");
  }
  if (a.ndim === 0 || b.ndim === 0) {
    const fix = "multiply by a scalar with mul()";
    throw new ShapeError(op, shapes, "both operands need at least one dimension", fix);
  }
  const [k, k2] = [a.shape.at(-1), b.shape.at(b.ndim === 1 ? 0 : -2)];
  if (k !== k2) {
    const isSecondTurned = b.ndim > 1 && b.shape.at(-1) === k;
    const isFirstTurned = a.ndim > 1 && a.shape.at(-2) === k2;
    const fix = isSecondTurned ? "transpose the second: b.mT" : isFirstTurned ? "transpose the first: a.mT" : undefined;
    throw new ShapeError(op, shapes, `inner dimensions are ${k} vs ${k2}`, fix);
  }
  if (a.ndim > 2 && b.ndim > 2) broadcastLeading(op, shapes, 2);
}
