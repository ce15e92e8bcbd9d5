// How tensors come to be: the one place that constructs them, and the application of ops, which ends there.

import type { Op } from "../autograd/op.js";
import type { TensorFactory } from "../autograd/tape.js";
import type { Variable } from "../autograd/variable.js";
import { checkTensor } from "../core/check.js";
import { AutogradError, formatShape, ShapeError } from "../core/errors.js";
import { sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { findNaN } from "../kernels/find-nan.js";
import { applyOp } from "./apply.js";
import { applyInPlace } from "./apply-in-place.js";
import type { TensorBase } from "./base.js";
import { ownArrays } from "./own.js";
import { isScalar } from "./promotion.js";
import type { Tensor } from "./tensor.js";

/** An operand: a tensor, or a number or boolean, which takes the dtype of the tensors it meets. */
export type Operand = Tensor | number | boolean;

/** Applies an op: checks, computes, records. */
export function apply<Attributes>(
  op: Op<Attributes>,
  operands: readonly (TensorBase | number | boolean)[],
  ...attributes: Attributes extends void ? [] : [Attributes]
): Tensor {
  return applyMulti(op, operands, ...attributes)[0]!;
}

/** Applies an op that has several results. */
export function applyMulti<Attributes>(
  op: Op<Attributes>,
  operands: readonly (TensorBase | number | boolean)[],
  ...[attributes]: Attributes extends void ? [] : [Attributes]
): Tensor[] {
  checkOperands(op.name, operands);
  return applyOp(op, operands as readonly Operand[], attributes as Attributes, make);
}

/** Applies an op and puts its result into the first operand. */
export function change<Attributes>(
  op: Op<Attributes>,
  operands: readonly [TensorBase, ...(TensorBase | number | boolean)[]],
  ...[attributes]: Attributes extends void ? [] : [Attributes]
): Tensor {
  checkOperands(`${op.name}_`, operands);
  return applyInPlace(op, operands as readonly [Tensor, ...Operand[]], attributes as Attributes, make);
}

function checkOperands(op: string, operands: readonly (TensorBase | number | boolean)[]): void {
  for (const operand of operands) if (!isScalar(operand)) checkTensor(op, operand, "tensors and numbers");
}

/** @internal Constructs a tensor that takes over one count of the array. */
export function make(array: NDArray, variable: Variable | undefined, madeBy = "backward"): Tensor {
  return construct(array, variable, madeBy);
}

type Construct = (array: NDArray, variable: Variable | undefined, madeBy: string) => Tensor;
let construct: Construct;

/** @internal tensor.ts, which is above this file, says how a tensor is constructed. */
export function constructWith(make: Construct): void {
  construct = make;
}

/** @internal How the tape makes tensors. */
export const factory: TensorFactory = {
  tensor: make,
  zeros: ({ shape, dtype }) => make(NDArray.constant(0, dtype, shape), undefined),
  own: (given) => {
    const arrays = ownArrays(given.map(({ tensor: { array }, home }) => ({ array, home })));
    return arrays.map((array) => make(array, undefined));
  },
  findNaN: (tensor, error) => findNaN(tensor.array, error),
};

/** @internal dL/d(root) to start from: what was given, or 1 for a single element. */
export function seed(root: Tensor, gradient: Tensor | null | undefined): Tensor {
  if (gradient === undefined || gradient === null) {
    if (root.numel() === 1) return make(NDArray.constant(1, root.dtype, root.shape, root.device), undefined);
    throw new AutogradError(
      "backward",
      `needs a scalar, got shape ${formatShape(root.shape)}; reduce it first (.mean() or .sum()) or pass dL/dy`,
    );
  }
  checkTensor("backward", gradient, "the gradient as a tensor");
  if (sameShape(gradient.shape, root.shape)) return gradient;
  throw new ShapeError("backward", [root.shape, gradient.shape], "the gradient must have the tensor's shape");
}
