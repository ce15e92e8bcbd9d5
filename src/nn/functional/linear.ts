// The linear map, and the bilinear one.

import { checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { ShapeError } from "../../core/errors.js";
import { type Optional, optional } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { checkLinear, linear as linearOp } from "../../ops/matmul.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

/** y = x weight^T + bias: x [..., I], weight [O, I] or [I], bias [O] -> [..., O]. The bias by position or as an option. */
export function linear(x: Tensor, weight: Tensor, bias?: Optional<"bias", Tensor>): Tensor {
  const shift = optional<"bias", Tensor | null>(bias, "bias", null);
  for (const operand of shift ? [x, weight, shift] : [x, weight]) checkTensor("linear", operand);
  if (weight.ndim === 1 && x.shape.at(-1) === weight.shape[0]) {
    const y = x.matmul(weight);
    return shift ? y.add(shift) : y;
  }
  checkLinear(x, weight);
  if (shift && isFloatingPoint(x.dtype)) return apply(linearOp, [x, weight, shift]);
  const y = x.matmul(weight.T);
  return shift ? y.add(shift) : y;
}

/**
 * y_o = x1^T W_o x2 + bias_o: x1 [..., I1], x2 [..., I2], weight [O, I1, I2], bias [O] -> [..., O]. The dimensions before
 * the last must be equal.
 */
export function bilinear(x1: Tensor, x2: Tensor, weight: Tensor, bias?: Optional<"bias", Tensor>): Tensor {
  const shift = optional<"bias", Tensor | null>(bias, "bias", null);
  for (const operand of shift ? [x1, x2, weight, shift] : [x1, x2, weight]) checkTensor("bilinear", operand);
  const [O, I1, I2] = weight.shape;
  const lead = x1.shape.slice(0, -1);
  const fits =
    weight.ndim === 3 &&
    x1.shape.at(-1) === I1 &&
    x2.shape.at(-1) === I2 &&
    sameShape(lead, x2.shape.slice(0, -1)) &&
    (!shift || sameShape(shift.shape, [O!]));
  if (!fits) {
    const shapes = [x1, x2, weight, ...(shift ? [shift] : [])].map(({ shape }) => shape);
    throw new ShapeError("bilinear", shapes, "must be [..., I1], [..., I2], [O, I1, I2] and for the bias [O]");
  }
  const rows = lead.reduce((n, size) => n * size, 1);
  const [left, right] = [x1.reshape([rows, I1!]), x2.reshape([rows, I2!])];
  const turned = weight.permute([1, 0, 2]).reshape([I1!, O! * I2!]);
  const y = left.matmul(turned).reshape([rows, O!, I2!]).matmul(right.unsqueeze(-1)); // [rows, O, 1]
  const shaped = y.reshape([...lead, O!]).asBase();
  return shift ? shaped.add(shift) : shaped;
}
