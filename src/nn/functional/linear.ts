// The linear map.

import { linear as linearOp } from "../../ops/matmul.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

/** y = x weight^T + bias: x [..., I], weight [O, I], bias [O] -> [..., O]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  return bias ? apply(linearOp, [x, weight, bias]) : x.matmul(weight.T);
}
