// Operands that may be numbers.

import { NDArray } from "../kernels/array.js";
import { make, type Operand } from "../tensor/construct.js";
import { dtypeOf, isScalar } from "../tensor/promotion.js";
import type { Tensor } from "../tensor/tensor.js";

/** A tensor itself; a number without dimensions, int32 if it is whole; a boolean likewise. */
export function asTensor(operand: Operand): Tensor {
  if (!isScalar(operand)) return operand;
  return make(NDArray.constant(Number(operand), dtypeOf([operand])), undefined, "a number");
}
