// Applying an op in place.

import { assertNoInference, isGradEnabled, isInferenceModeEnabled } from "../autograd/modes.js";
import type { Op } from "../autograd/op.js";
import { assertFollowed, recordChange } from "../autograd/sharing.js";
import { Variable } from "../autograd/variable.js";
import { type DType, dtypes, isFloatingPoint } from "../core/dtype.js";
import { AutogradError, DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { isOneToOne, type Layout } from "../core/layout.js";
import { sameShape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { cast } from "../ops/cast.js";
import { compute, type Make, promote } from "./apply.js";
import { saveResults } from "./record.js";
import type { Operand, Tensor } from "./tensor.js";
import { changedPart } from "./view-history.js";

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
  const tensors = promote(op, operands, make, name);
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
  const memory = self.array.realize();
  assertOneElementEach(name, memory.layout);
  const isRecorded = isGradEnabled() && tensors.some(({ requiresGrad }) => requiresGrad);
  const changed = isRecorded ? changedPart(name, self) : undefined;
  const recorded = isRecorded ? followed(name, op, dtype) : op;
  const { arrays, extras, node } = compute(recorded, tensors, attributes, { array: self.array, changed });
  const [result] = arrays as [NDArray];
  inFrame(() => {
    const converted = result.dtype === self.dtype ? result : convert(result, self.dtype);
    converted.computeInto(memory);
    return undefined;
  });
  result.release();
  if (node !== undefined) recordChange(name, self, new Variable(node));
  saveResults(op, node, [self.array], extras, [node && self.variable]);
  return self;
}

/** The elements of a tensor that a kernel changes in place, besides what it computes; unrecorded. */
export function arrayToChange(op: string, tensor: Tensor): NDArray {
  assertMayChange(op, tensor, [tensor]);
  const array = tensor.arrayFor(op);
  assertOneElementEach(op, array.realize().layout);
  return array;
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
  assertFollowed(name, self, tensors);
}

/** The op with a derivative: that of comparisons, which a new tensor would not need, is zero. */
function followed<Attributes>(name: string, op: Op<Attributes>, result: DType): Op<Attributes> {
  if (op.backward !== undefined) return op;
  if (isFloatingPoint(result)) {
    const fix = `use ${op.name} without "_", on what was detached`;
    throw new AutogradError(name, `has no derivative, so that the tape cannot follow the change (${fix})`);
  }
  return {
    ...op,
    backward: ([dy], { inputs, needs }) =>
      inputs.map(({ shape, dtype }, i) => (needs[i] ? dy!.newZeros(shape, { dtype }) : undefined)),
  };
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
