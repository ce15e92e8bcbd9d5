// Matrix products with PyTorch's rules for vectors: a vector is a row on the left and a column on the right, and the
// dimension it was given disappears from the result.

import { ShapeError } from "../core/errors.js";
import type { Tensor } from "./tensor.js";

export function product(a: Tensor, b: Tensor, matmul: (a: Tensor, b: Tensor) => Tensor): Tensor {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(
      "matmul",
      [a.shape, b.shape],
      "both operands need at least one dimension",
      "multiply by a scalar with mul()",
    );
  }
  const left = a.ndim === 1 ? a.unsqueeze(0) : a;
  const right = b.ndim === 1 ? b.unsqueeze(1) : b;
  const y = matmul(left, right);
  const withoutRow = a.ndim === 1 ? y.squeeze(-2) : y;
  return b.ndim === 1 ? withoutRow.squeeze(-1) : withoutRow;
}
