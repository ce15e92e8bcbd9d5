// What embedding and embeddingBag do with their table.

import { noGrad } from "../../autograd/modes.js";
import { checkTensor } from "../../core/check.js";
import { DTypeError, OutOfRangeError, ShapeError } from "../../core/errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/** The indices in one dimension. */
export function checkIndices(op: string, x: Tensor, weight: Tensor): Tensor {
  checkTensor(op, x);
  checkTensor(op, weight);
  if (x.dtype !== "int32") throw new DTypeError(op, `the indices are ${x.dtype} and must be int32: x.to("int32")`);
  if (weight.ndim !== 2) throw new ShapeError(op, [weight.shape], "the weight must have two dimensions, [rows, size]");
  return x.reshape([-1]);
}

/** The row of padding, counted from the front. */
export function paddingRow(op: string, { shape }: Tensor, row: number | null | undefined): number | undefined {
  if (row === undefined || row === null) return undefined;
  const V = shape[0]!;
  if (Number.isInteger(row) && row >= -V && row < V) return row < 0 ? row + V : row;
  throw new OutOfRangeError(op, `paddingIdx ${row} is out of range for ${V} rows; valid are ${-V} to ${V - 1}`);
}

/** Scales the rows that are used so that their p-norm is at most maxNorm. */
export function shorten(weight: Tensor, index: Tensor, maxNorm: number, p: number): void {
  noGrad(() => {
    const used = index.mul(0).add(1).indexSum(index, { dim: 0, size: weight.shape[0]!, op: "embedding" }).gt(0);
    const norm =
      p === Number.POSITIVE_INFINITY
        ? weight.abs().amax(1)
        : weight
            .abs()
            .pow(p)
            .sum(1)
            .pow(1 / p);
    const scale = norm.add(1e-7).reciprocal().mul(maxNorm); // 1e-7 as in PyTorch
    const isLong = used.logicalAnd(norm.gt(maxNorm)).unsqueeze(1);
    weight.copy_(weight.mul(scale.unsqueeze(1)).where(isLong, weight));
  });
}
