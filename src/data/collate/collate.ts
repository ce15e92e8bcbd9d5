// Samples stacked to batches of tensors.

import type { TypedArray } from "../../core/dtype.js";
import { DTypeError } from "../../core/errors.js";
import { numel } from "../../core/shape.js";
import { fromHost, type TensorData, tensor } from "../../tensor/create.js";
import { stack } from "../../tensor/join.js";
import { pickFromHost } from "../../tensor/read.js";
import { Tensor } from "../../tensor/tensor.js";
import { type HostArray, isHostArray } from "../host-array.js";
import { stackFields } from "./fields.js";
import { type Allocate, allocateOnHost, assertSameShape, type Packed, stackOnHost, unpack } from "./packed.js";

/** One part of a sample. */
export type Field = TensorData | Tensor | HostArray;

/**
 * What a batch of samples looks like: a tuple of fields becomes a tuple of tensors, an object of fields an object of
 * tensors, whatever they hold in turn, a single field a tensor. Strings become a list of strings.
 */
export type Collated<Sample> = unknown extends Sample
  ? [Tensor, Tensor, ...Tensor[]]
  : Sample extends readonly unknown[]
    ? Sample extends readonly [unknown, ...unknown[]]
      ? { -readonly [K in keyof Sample]: Stacked<Sample[K]> }
      : [Tensor, Tensor, ...Tensor[]]
    : Stacked<Sample>;

/** Of one field: an array of numbers is the elements of one, a tuple or an object holds some. */
type Stacked<T> = [T] extends [string]
  ? string[]
  : T extends Field | boolean | ArrayBufferView
    ? Tensor
    : T extends readonly unknown[]
      ? { -readonly [K in keyof T]: Stacked<T[K]> }
      : { [K in keyof T]: Stacked<T[K]> };

/** What a loader has taken the plain numbers of each field for so far. */
export type NumberTypes = Map<string, "int32" | "float32">;

/** Makes a tensor of a field that was stacked on the host. */
export type Upload = (array: HostArray) => Tensor;

/** Without a copy: the elements are uploaded when a kernel needs them. */
export const uploadLater: Upload = ({ data, shape, dtype }) => fromHost(data, shape, dtype);

/**
 * Stacks samples, field by field, into tensors with a new first dimension. Plain numbers become int32 if all are whole,
 * else float32; everything else keeps its type.
 * @param seen - of the batches before, for fields to keep their dtype: one that had fractions stays float32
 * @throws DTypeError if samples cannot be stacked, or a field that was int32 before has fractions now
 */
export function defaultCollate<Sample>(
  samples: readonly Sample[],
  seen: NumberTypes = new Map(),
  allocate: Allocate = allocateOnHost,
  upload: Upload = uploadLater,
): Collated<Sample> {
  const isTensor = (value: unknown): value is Tensor => value instanceof Tensor;
  return stackFields<unknown>(samples, {
    isWhole: isTensor,
    stack: (values, where) => {
      if (values.some(isTensor)) return stackTensors(values as Field[], where);
      return toTensors(stackOnHost(values, where, allocate), seen, upload, where);
    },
    list: (items) => [...items],
    object: (keys, items) => Object.fromEntries(items.map((item, i) => [keys[i], item])),
  }) as Collated<Sample>;
}

/** A batch that was stacked on the host, with tensors for its arrays. */
export function toTensors(packed: Packed, seen: NumberTypes, upload: Upload = uploadLater, where = ""): unknown {
  const numbers = (values: Float64Array, field: string): Tensor =>
    tensor(values, { dtype: numberType(values, field, seen) });
  return unpack(packed, upload, numbers, where);
}

/** At least one of the values is a tensor. */
function stackTensors(values: readonly Field[], where: string): Tensor {
  const tensors = values.map((value) => {
    if (value instanceof Tensor) return value;
    return isHostArray(value) ? uploadLater(value) : tensor(value);
  });
  const [{ shape, dtype }] = tensors as [Tensor];
  for (const { shape: other } of tensors) assertSameShape(shape, other, where);
  const hosts = tensors.map(({ array }) => array.host);
  const isOneDType = tensors.every((other) => other.dtype === dtype);
  if (!isOneDType || !hosts.every((host) => host !== undefined)) return stack(tensors);
  const size = numel(shape);
  const batch = new (hosts[0]!.data.constructor as new (length: number) => TypedArray)(size * tensors.length);
  hosts.forEach((host, i) => batch.set(pickFromHost(host!.data, host!.layout), i * size));
  for (const [i, value] of values.entries()) if (!(value instanceof Tensor)) tensors[i]!.dispose();
  return fromHost(batch, [tensors.length, ...shape], dtype);
}

/** Numbers by themselves are class labels if they are whole (and of 32 bits), else values to predict. */
function numberType(values: Float64Array, where: string, seen: NumberTypes): "int32" | "float32" {
  const fraction = values.find((value) => value !== (value | 0));
  const before = seen.get(where);
  if (before === "int32" && fraction !== undefined) {
    throw new DTypeError(
      "DataLoader",
      `a sample is ${fraction}${where}, and the batches before had whole numbers alone, which were taken for int32 labels; ` +
        "for values to predict, return tensor(value) from getItem",
    );
  }
  const dtype = before ?? (fraction === undefined ? "int32" : "float32");
  seen.set(where, dtype);
  return dtype;
}
