// Several tensors made one.

import { checkList, checkTensor, isTensor } from "../core/check.js";
import { promoteTypes } from "../core/dtype.js";
import { formatShape, ShapeError, TapegradError } from "../core/errors.js";
import { type Optional, optional } from "../core/options.js";
import { normalizeDim, sameShape } from "../core/shape.js";
import { where as whereOp } from "../ops/comparison.js";
import { cat as catOp } from "../ops/shape.js";
import { apply, type Operand, type Tensor } from "./tensor.js";

/**
 * One after another along an existing dimension (default 0). Empty one-dimensional tensors are left out, as in PyTorch.
 * Dtypes are promoted to a common one.
 */
export function cat(tensors: readonly Tensor[], dim?: Optional<"dim", number>): Tensor {
  checkTensors("cat", tensors);
  if (tensors.some(({ ndim }) => ndim === 0)) {
    const shapes = tensors.map(({ shape }) => shape);
    throw new ShapeError("cat", shapes, "a tensor without dimensions cannot be joined", "stack() adds one");
  }
  const dtype = tensors.map((tensor) => tensor.dtype).reduce(promoteTypes, "bool");
  const real = tensors.filter(({ shape }) => !(shape.length === 1 && shape[0] === 0));
  const joined = (real.length > 0 ? real : tensors).map((tensor) => tensor.to(dtype));
  const [first] = joined;
  if (first === undefined) throw new ShapeError("cat", [], "needs at least one tensor");
  return apply(catOp, joined, normalizeDim("cat", optional(dim, "dim", 0), first.ndim));
}

export { cat as concat, cat as concatenate };

/** One beside another along a new dimension (default 0). Dtypes are promoted to a common one. */
export function stack(tensors: readonly Tensor[], dim?: Optional<"dim", number>): Tensor {
  checkTensors("stack", tensors);
  const [first] = tensors;
  if (first === undefined) throw new ShapeError("stack", [], "needs at least one tensor");
  if (!tensors.every(({ shape }) => sameShape(shape, first.shape))) {
    throw new ShapeError(
      "stack",
      tensors.map(({ shape }) => shape),
      "all tensors must have the same shape",
    );
  }
  const at = normalizeDim("stack", optional(dim, "dim", 0), first.ndim + 1);
  return cat(
    tensors.map((tensor) => tensor.unsqueeze(at)),
    at,
  );
}

/**
 * a where the condition holds, b elsewhere. Of a condition alone the indices at which it holds, an int32 tensor for each
 * dimension; asynchronous, because how many there are is known only on the GPU.
 */
export function where(condition: Tensor): Promise<Tensor[]>;
export function where(condition: Tensor, a: Operand, b: Operand): Tensor;
export function where(condition: Tensor, a?: Operand, b?: Operand): Tensor | Promise<Tensor[]> {
  checkTensor("where", condition);
  if (a === undefined || b === undefined) return placesOf(condition);
  return apply(whereOp, [condition, a, b]);
}

async function placesOf(condition: Tensor): Promise<Tensor[]> {
  const x = condition.ndim === 0 ? condition.reshape([1]) : condition;
  return (await x.nonzero()).unbind(1);
}

/** @internal Throws unless the tensors are one array. */
export function checkTensors(op: string, tensors: unknown): void {
  if (isTensor(tensors)) {
    const given = `takes one array of tensors, got a tensor ${formatShape(tensors.shape)}`;
    throw new TapegradError(op, `${given}: use ${op}([a, b, ...])`);
  }
  checkList(op, tensors);
  for (const tensor of tensors) checkTensor(op, tensor);
}
