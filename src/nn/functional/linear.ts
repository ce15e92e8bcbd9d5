// The linear map.

import { checkTensor } from "../../core/check.js";
import { checkLinear, linear as linearOp } from "../../ops/matmul.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

/** y = x weight^T + bias: x [..., I], weight [O, I], bias [O] -> [..., O]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  if (bias) return apply(linearOp, [x, weight, bias]);
  for (const operand of [x, weight]) checkTensor("linear", operand);
  checkLinear(x, weight);
  return x.matmul(weight.T);
}
