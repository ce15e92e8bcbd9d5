// Applying an op: promote the operands, check shapes, compute, record on the tape. The only place that constructs tensors
// for results; the class itself is handed in, so that this file stays below it.

import { assertNoInference, isGradEnabled, isInferenceModeEnabled } from "../autograd/modes.js";
import { Node } from "../autograd/node.js";
import type { Op } from "../autograd/op.js";
import type { Saved } from "../autograd/recomputation.js";
import { assertHistory, assertNoView, recordChange, shareMemory } from "../autograd/sharing.js";
import { Variable } from "../autograd/variable.js";
import { type DType, dtypes, isFloatingPoint, wrapped } from "../core/dtype.js";
import { AutogradError, DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { isOneToOne, type Layout } from "../core/layout.js";
import { sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { functions } from "../kernels/pointwise/common.js";
import { cast } from "../ops/cast.js";
import { isPromoted, isScalar, promotedDType } from "./promotion.js";
import type { Operand, Tensor } from "./tensor.js";

/** Constructs a tensor that takes over one count of the array; tensor.ts supplies it. */
type Make = (array: NDArray, variable: Variable | undefined, madeBy: string) => Tensor;

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
 * Changes `self` to the result of an op on it and other operands.
 * @throws AutogradError where the tape could not follow the change
 */
export function applyInPlace<Attributes>(
  op: Op<Attributes>,
  operands: readonly [Tensor, ...Operand[]],
  attributes: Attributes,
  make: Make,
): Tensor {
  const [self] = operands;
  const name = `${op.name}_`;
  const tensors = promote(op, operands, make);
  assertMayChange(name, self, tensors);
  const [{ shape, dtype }] = op.shape(tensors, attributes) as [{ shape: readonly number[]; dtype: DType }];
  if (!sameShape(shape, self.shape)) {
    throw new ShapeError(
      name,
      [self.shape],
      `the result has shape ${formatShape(shape)}, and a tensor cannot grow in place`,
    );
  }
  if (dtypes[dtype].category > dtypes[self.dtype].category) {
    throw new DTypeError(name, `the result is ${dtype}, which does not fit into a tensor of ${self.dtype}`);
  }
  const target = self.array.realize();
  assertOneElementEach(name, target.layout);
  const { arrays, extras, node } = compute(op, tensors, attributes, self.array);
  const [result] = arrays as [NDArray];
  inFrame(() => {
    const converted = result.dtype === self.dtype ? result : convert(result, self.dtype);
    converted.computeInto(target);
    return undefined;
  });
  result.release();
  const variable = node && new Variable(node);
  saveResults(op, node, [self.array], extras, [variable]);
  if (variable !== undefined) {
    self.variable = variable;
    recordChange(name, self);
  }
  return self;
}

/** Operands as tensors of the dtype the op computes in. */
function promote<Attributes>(op: Op<Attributes>, operands: readonly Operand[], make: Make): Tensor[] {
  const dtype = promotedDType(op as Op<never>, operands);
  return operands.map((operand, i) => {
    if (isScalar(operand)) {
      const type = dtype ?? "float32";
      return make(NDArray.constant(wrapped(Number(operand), type), type), undefined, "a number");
    }
    if (dtype === undefined || operand.dtype === dtype || !isPromoted(op as Op<never>, i)) return operand;
    return applyOp(cast, [operand], dtype, make)[0]!;
  });
}

/** @param target - the array that will be changed to the result, if there is one */
function compute<Attributes>(
  op: Op<Attributes>,
  tensors: readonly Tensor[],
  attributes: Attributes,
  target?: NDArray,
): { arrays: readonly NDArray[]; extras: Readonly<Record<string, NDArray>>; node: Node | undefined } {
  const inputs = tensors.map((tensor) => tensor.arrayFor(op.name));
  for (const { device } of inputs) device.assertAlive(op.name); // operands of different devices: all but one were lost
  const metas = op.shape(tensors, attributes);
  const node = record(op, tensors, inputs, attributes, metas, target);
  let extras: Readonly<Record<string, NDArray>> = {};
  const arrays = inFrame(() => {
    const results = op.forward(inputs, attributes, metas);
    extras = results.extras ?? {};
    return [...results.outputs, ...Object.values(extras)];
  });
  return { arrays: arrays.slice(0, metas.length), extras, node };
}

/** A node for the op, if there is anything to differentiate; it saves the inputs before they can change. */
function record<Attributes>(
  op: Op<Attributes>,
  tensors: readonly Tensor[],
  inputs: readonly NDArray[],
  attributes: Attributes,
  metas: readonly { readonly shape: readonly number[]; readonly dtype: DType }[],
  target: NDArray | undefined,
): Node | undefined {
  if (op.backward === undefined || !isGradEnabled()) return undefined;
  for (const tensor of tensors) assertHistory(op.name, tensor);
  if (!tensors.some((tensor) => tensor.requiresGrad)) return undefined;
  const saves = op.saves(tensors.map((tensor) => tensor.requiresGrad));
  const saved: Saved[] = [];
  op.inputs?.forEach((name, i) => {
    if (!saves.includes(name)) return;
    assertNoInference(op.name, tensors[i]!);
    const array = target?.sharesMemory(inputs[i]!) ? copyOf(inputs[i]!) : inputs[i]!.retain();
    saved.push({ name, array, version: array.version, variable: tensors[i]!.variable });
  });
  const variables = tensors.map(({ variable }) => variable);
  const inputMetas = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  const node = new Node(op as Op, attributes, variables, inputMetas, metas, saved);
  for (const { array } of saved) array.release();
  return node;
}

/** The elements as they are before a change in place. */
function copyOf(array: NDArray): NDArray {
  return NDArray.pointwise(functions.identity, array.dtype, array.shape, [array]);
}

/** Lets the node save what the op computed, and lets go of extras nobody else needs. */
function saveResults<Attributes>(
  op: Op<Attributes>,
  node: Node | undefined,
  outputs: readonly NDArray[],
  extras: Readonly<Record<string, NDArray>>,
  variables: readonly (Variable | undefined)[],
): void {
  const saves = node === undefined ? [] : op.saves(node.inputs.map((input) => input !== undefined));
  outputs.forEach((array, i) => {
    const name = op.outputs[i]!;
    if (saves.includes(name)) node?.save({ name, array, version: array.version, variable: variables[i] });
  });
  for (const [name, array] of Object.entries(extras)) {
    node?.save({ name, array, version: array.version, variable: undefined });
    array.release();
  }
}

function convert(array: NDArray, dtype: DType): NDArray {
  return cast.forward([array], dtype, [{ shape: array.shape, dtype }]).outputs[0]!;
}

function assertMayChange(name: string, self: Tensor, tensors: readonly Tensor[]): void {
  if (!isInferenceModeEnabled()) assertNoInference(name, self);
  if (!isGradEnabled()) return;
  if (self.requiresGrad && self.isLeaf) {
    throw new AutogradError(
      name,
      "a leaf that requires grad cannot change in place while the tape records; wrap it in noGrad(() => ...)",
    );
  }
  assertNoView(name, self, tensors);
}

function assertOneElementEach(name: string, layout: Layout): void {
  if (isOneToOne(layout)) return;
  const how = layout.strides.includes(0) ? "expanded" : "unfolded";
  throw new ShapeError(
    name,
    [layout.shape],
    `several of its elements share memory (it was ${how})`,
    "clone() it first",
  );
}
