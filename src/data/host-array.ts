// A part of a sample on the host: numbers with a shape and a dtype, before they reach the GPU.
//
// Datasets, transforms and collation may run in a worker, where there is no GPU; there, what passes between them is never a
// Tensor: numbers, booleans, nested arrays, typed arrays (one dimension), and host arrays (any shape; images are
// [C, H, W], uint8 or float32). A loader makes tensors of them.

import { checkDType, checkShape } from "../core/check.js";
import type { DType, TypedArray } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { numel, type Shape } from "../core/shape.js";
import { convert } from "../tensor/convert.js";
import { flatten, isTyped, type TensorData, typedDType } from "../tensor/nested.js";

/** A worker may hold this module twice, so host arrays are told by a mark and not by their class. */
const MARK = Symbol.for("tapegrad.HostArray");

/**
 * Elements in row-major order with their shape, on the host: what an image is before it is a tensor. float16 elements
 * are held as float32, bool as 0 and 1 in bytes.
 */
export class HostArray {
  readonly [MARK] = true;

  /** @throws ShapeError if there are more or fewer elements than the shape has */
  constructor(
    readonly data: TypedArray,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {
    if (data.length === numel(shape)) return;
    throw new ShapeError("HostArray", [shape], `there are ${data.length} elements and not ${numel(shape)}`);
  }
}

/** Whether a value is a host array. */
export function isHostArray(value: unknown): value is HostArray {
  return typeof value === "object" && value !== null && MARK in value;
}

/**
 * A host array of the data, as `tensor` would make it: numbers are float32 unless `dtype` says otherwise, typed arrays
 * keep their type. A typed array of that dtype is not copied.
 *
 *     hostArray(pixels, { shape: [3, 32, 32] }) // a Uint8Array of 3072 bytes is a uint8 image
 *
 * @param shape - of a typed array that has more than one dimension
 * @throws ShapeError if nested arrays differ in length, or the shape does not fit; DTypeError for anything but numbers
 *   and booleans; OutOfRangeError for a number that does not fit into an integer dtype
 */
export function hostArray(
  data: TensorData,
  { shape, dtype }: { readonly shape?: Shape; readonly dtype?: DType } = {},
): HostArray {
  if (shape !== undefined) checkShape("hostArray", shape);
  const [values, own, natural] = isTyped(data) ? [data, [data.length], typedDType(data)] : flatten(data);
  const type = dtype ?? natural;
  checkDType("hostArray", type);
  const isHeldSo = type === natural && type !== "float16" && isHeldAs(values);
  return new HostArray(isHeldSo ? values : convert(values, type), shape ?? own, type);
}

function isHeldAs(values: unknown): values is TypedArray {
  return values instanceof Float32Array || values instanceof Int32Array || values instanceof Uint8Array;
}
