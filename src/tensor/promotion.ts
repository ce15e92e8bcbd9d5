// Operands of one op brought to one dtype, as PyTorch's torch.result_type has it.

import type { Op } from "../autograd/op.js";
import { type DType, isFloatingPoint, type Promotable, promotableNumber, resultType } from "../core/dtype.js";
import type { Operand, Tensor } from "./tensor.js";

/** The dtype that operands are converted to, and which of them are; undefined where the op converts nothing. */
export function promotedDType(op: Op<never>, operands: readonly Operand[]): DType | undefined {
  if (op.promotion === undefined) return undefined;
  const dtype = commonDType(operands) ?? resultType(operands.filter((_, i) => isPromoted(op, i)).map(strengthOf));
  return op.promotion === "float" && !isFloatingPoint(dtype) ? "float32" : dtype;
}

/** The dtype that all operands have already, which is the most common case; undefined if they differ. */
function commonDType(operands: readonly Operand[]): DType | undefined {
  const [first] = operands;
  if (first === undefined || isScalar(first)) return undefined;
  const { dtype } = first;
  return operands.every((operand) => !isScalar(operand) && operand.dtype === dtype) ? dtype : undefined;
}

/** The dtype in which operands meet. */
export function dtypeOf(operands: readonly Operand[]): DType {
  return resultType(operands.map(strengthOf));
}

export function isPromoted(op: Op<never>, operand: number): boolean {
  return op.inputs === undefined || !op.unpromoted.includes(op.inputs[operand]!);
}

/** Whether an operand is a number or a boolean of JavaScript's. */
export function isScalar(operand: unknown): operand is number | boolean {
  return typeof operand === "number" || typeof operand === "boolean";
}

function strengthOf(operand: Operand): Promotable {
  if (isScalar(operand)) return promotableNumber(operand);
  return { dtype: (operand as Tensor).dtype, strength: operand.shape.length === 0 ? "scalar" : "tensor" };
}
