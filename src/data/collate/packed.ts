// Batches on the host, as trees that can be sent from thread to thread: what collation makes, and what becomes tensors.

import { type DType, promoteTypes, type TypedArray } from "../../core/dtype.js";
import { formatShape, ShapeError } from "../../core/errors.js";
import { numel, type Shape } from "../../core/shape.js";
import { convert } from "../../tensor/convert.js";
import { isTyped } from "../../tensor/nested.js";
import { HostArray, hostArray, isHostArray } from "../host-array.js";
import { fieldName } from "./fields.js";

/** A batch, a sample or a part of one. */
export type Packed =
  | { readonly kind: "array"; readonly data: TypedArray; readonly shape: Shape; readonly dtype: DType }
  /** Plain numbers, one of each sample: the loader decides whether they are labels. */
  | { readonly kind: "numbers"; readonly values: Float64Array }
  | { readonly kind: "list"; readonly items: readonly Packed[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly items: readonly Packed[] }
  | { readonly kind: "value"; readonly value: unknown };

/** Makes the memory of a batch's field: the loader's staging buffers come in here. */
export type Allocate = (dtype: DType, length: number) => TypedArray;

/** Memory of its own. */
export const allocateOnHost: Allocate = (dtype, length) => {
  if (dtype === "int32") return new Int32Array(length);
  return dtype === "uint8" || dtype === "bool" ? new Uint8Array(length) : new Float32Array(length);
};

/** One field of all samples, stacked: a new first dimension; a list, if they are strings. `where` is the field's name in errors. */
export function stackOnHost(values: readonly unknown[], where: string, allocate: Allocate): Packed {
  if (values.every((value) => typeof value === "number")) return { kind: "numbers", values: Float64Array.from(values) };
  if (typeof values[0] === "string") return { kind: "value", value: [...values] };
  const arrays = values.map((value) => (isHostArray(value) ? value : hostArray(value as number)));
  const [{ shape }] = arrays as [HostArray];
  for (const { shape: other } of arrays) assertSameShape(shape, other, where);
  const dtype = arrays.map((array) => array.dtype).reduce(promoteTypes);
  const size = numel(shape);
  const batch = allocate(dtype, size * arrays.length);
  arrays.forEach((array, i) => batch.set(array.dtype === dtype ? array.data : convert(array.data, dtype), i * size));
  return { kind: "array", data: batch, shape: [arrays.length, ...shape], dtype };
}

/** @throws ShapeError */
export function assertSameShape(shape: Shape, other: Shape, where: string): void {
  if (formatShape(other) === formatShape(shape)) return;
  throw new ShapeError(
    "DataLoader",
    [shape, other],
    `samples differ in shape${where}`,
    "pad them, or pass a collateFn",
  );
}

/**
 * Anything as a tree: arrays are copied, since whoever made them may go on using them.
 * @param keepsTyped - whether typed arrays stay what they are; else they are host arrays too
 */
export function pack(value: unknown, keepsTyped = false): Packed {
  if (isHostArray(value)) return { kind: "array", data: value.data.slice(), shape: value.shape, dtype: value.dtype };
  if (isTyped(value) && !keepsTyped) return pack(hostArray(value));
  if (Array.isArray(value)) return { kind: "list", items: value.map((item) => pack(item, keepsTyped)) };
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) {
    return { kind: "value", value };
  }
  return {
    kind: "object",
    keys: Object.keys(value),
    items: Object.values(value).map((item) => pack(item, keepsTyped)),
  };
}

/** The tree with its leaves made something else: PyTorch's batch from a worker, or samples for a collateFn. */
export function unpack(
  packed: Packed,
  array: (leaf: HostArray) => unknown,
  numbers: (values: Float64Array, where: string) => unknown,
  where = "",
): unknown {
  switch (packed.kind) {
    case "array":
      return array(new HostArray(packed.data, packed.shape, packed.dtype));
    case "numbers":
      return numbers(packed.values, where);
    case "list":
      return packed.items.map((item, i) => unpack(item, array, numbers, fieldName(where, i)));
    case "object":
      return Object.fromEntries(
        packed.items.map((item, i) => [
          packed.keys[i],
          unpack(item, array, numbers, fieldName(where, packed.keys[i]!)),
        ]),
      );
    case "value":
      return packed.value;
    default:
      return packed satisfies never;
  }
}

/** The memory of all leaves, to hand over. */
export function buffersOf(packed: Packed): ArrayBuffer[] {
  if (packed.kind === "array") return [packed.data.buffer as ArrayBuffer];
  if (packed.kind === "numbers") return [packed.values.buffer as ArrayBuffer];
  return "items" in packed ? packed.items.flatMap(buffersOf) : [];
}
