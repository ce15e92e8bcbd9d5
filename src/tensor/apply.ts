// Applying an op: promote the operands, check shapes, compute, record on the tape. The only place that constructs tensors
// for results; the class itself is handed in, so that this file stays below it.

import { autocastDType } from "../autograd/autocast.js";
import type { Node } from "../autograd/node.js";
import type { Op } from "../autograd/op.js";
import { shareMemory } from "../autograd/sharing.js";
import { Variable } from "../autograd/variable.js";
import { checkRange } from "../core/check.js";
import { type DType, isFloatingPoint, wrapped } from "../core/dtype.js";
import { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { cast } from "../ops/cast.js";
import { isPromoted, isScalar, promotedDType } from "./promotion.js";
import { record, saveResults, type Target } from "./record.js";
import type { Operand, Tensor } from "./tensor.js";

/** Constructs a tensor that takes over one count of the array; tensor.ts supplies it. */
export type Make = (array: NDArray, variable: Variable | undefined, madeBy: string) => Tensor;

/** The results of an op on tensors and numbers. */
export function applyOp<Attributes>(
  op: Op<Attributes>,
  operands: readonly Operand[],
  attributes: Attributes,
  make: Make,
): Tensor[] {
  const tensors = promote(op, operands, make);
  const { arrays, extras, node } = compute(op, tensors, attributes);
  const variables = arrays.map(({ dtype }, i) => (node && isFloatingPoint(dtype) ? new Variable(node, i) : undefined));
  saveResults(op, node, arrays, extras, variables);
  return arrays.map((array, i) => {
    const result = make(array, variables[i], op.name);
    const [first] = tensors;
    if (first?.array.sharesMemory(array)) shareMemory(result, first);
    return result;
  });
}

/**
 * Operands as tensors of the dtype the op computes in.
 * @param name - the op in the user's words
 */
export function promote<Attributes>(
  op: Op<Attributes>,
  given: readonly Operand[],
  make: Make,
  name = op.name,
): Tensor[] {
  const wanted = autocastDType(op.name);
  const operands = wanted === undefined ? given : given.map((operand) => floatAs(wanted, operand, make));
  const dtype = promotedDType(op as Op<never>, operands);
  if (operands.every((operand) => !isScalar(operand) && (dtype === undefined || operand.dtype === dtype)))
    return operands as Tensor[];
  const [first] = operands;
  return operands.map((operand, i) => {
    if (isScalar(operand)) {
      const type = dtype ?? "float32";
      const home = op.promotion === "choice" ? type : dtype === undefined && !isScalar(first) && first!.dtype;
      if (home) checkRange(name, [Number(operand)], home); // it is not computed with, but becomes an element
      return make(NDArray.constant(wrapped(Number(operand), type), type), undefined, "a number");
    }
    if (dtype === undefined || operand.dtype === dtype || !isPromoted(op as Op<never>, i)) return operand;
    return applyOp(cast, [operand], dtype, make)[0]!;
  });
}

/** An operand in another floating-point dtype, if it is floating point and a tensor. */
function floatAs(dtype: DType, operand: Operand, make: Make): Operand {
  if (isScalar(operand) || operand.dtype === dtype || !isFloatingPoint(operand.dtype)) return operand;
  return applyOp(cast, [operand], dtype, make)[0]!;
}

/** The results of an op, and its node if it was recorded. */
export function compute<Attributes>(
  op: Op<Attributes>,
  tensors: readonly Tensor[],
  attributes: Attributes,
  target?: Target,
): { arrays: readonly NDArray[]; extras: Readonly<Record<string, NDArray>>; node: Node | undefined } {
  const inputs = tensors.map((tensor) => tensor.arrayFor(op.name));
  for (const { device } of inputs) device.assertAlive(op.name); // operands of different devices: all but one were lost
  const metas = op.shape(tensors, attributes);
  const node = record(op, tensors, inputs, attributes, metas, target);
  let extras: Readonly<Record<string, NDArray>> = {};
  const arrays = inFrame(() => {
    const results = op.forward(inputs, attributes, metas);
    if (results.extras === undefined) return results.outputs;
    extras = results.extras;
    return [...results.outputs, ...Object.values(extras)];
  });
  return { arrays: arrays.length === metas.length ? arrays : arrays.slice(0, metas.length), extras, node };
}
