// Putting values into a parameter.

import { withGradEnabled } from "../../autograd/modes.js";
import { checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { DTypeError, ShapeError } from "../../core/errors.js";
import type { Generator } from "../../core/philox.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Where random numbers come from. */
export interface GeneratorOptions {
  /** Default: the one that manualSeed seeds. */
  readonly generator?: Generator;
}

/** @internal The options of these that are for drawing. */
export function fromGenerator({ generator }: GeneratorOptions): GeneratorOptions {
  return generator === undefined ? {} : { generator };
}

/** @internal The tensor, with these values in it, outside of the tape. */
export function filled<T extends Tensor>(tensor: T, values: () => Tensor): T {
  withGradEnabled(false, () => tensor.copy_(values()));
  return tensor;
}

/** @internal Throws unless it is a tensor of floating point numbers that has one of these numbers of dimensions. */
export function checkFillable(op: string, tensor: Tensor, ...dimensions: readonly number[]): void {
  checkTensor(op, tensor);
  if (!isFloatingPoint(tensor.dtype)) throw new DTypeError(op, `the tensor is ${tensor.dtype} and must be float`);
  if (dimensions.length === 0 || dimensions.includes(tensor.ndim)) return;
  throw new ShapeError(op, [tensor.shape], `the tensor must have ${dimensions.join(", ")} dimensions`);
}
