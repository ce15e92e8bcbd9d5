// Samples stacked to batches.

import { DTypeError, formatShape, ShapeError } from "../core/errors.js";
import { numel } from "../core/shape.js";
import { fromHost, type TensorData, tensor } from "../tensor/create.js";
import { stack } from "../tensor/join.js";
import { pickFromHost } from "../tensor/read.js";
import { Tensor } from "../tensor/tensor.js";

/** One part of a sample. */
export type Field = TensorData | Tensor;

/**
 * What a batch of samples looks like: a tuple of fields becomes a tuple of tensors, an object of fields an object of
 * tensors, a single field a tensor.
 */
export type Collated<Sample> = unknown extends Sample
  ? [Tensor, Tensor, ...Tensor[]]
  : Sample extends Tensor | number | boolean | ArrayBufferView
    ? Tensor
    : Sample extends readonly [unknown, ...unknown[]]
      ? { -readonly [K in keyof Sample]: Tensor }
      : Sample extends readonly unknown[]
        ? [Tensor, Tensor, ...Tensor[]]
        : { [K in keyof Sample]: Tensor };

/** What a loader has taken the plain numbers of each field for so far. */
export type NumberTypes = Map<string, "int32" | "float32">;

/**
 * Stacks samples, field by field, into tensors with a new first dimension. Plain numbers become int32 if all are whole,
 * else float32; everything else keeps its type.
 * @param seen - of the batches before, for fields to keep their dtype: one that had fractions stays float32
 * @throws DTypeError if samples cannot be stacked, or a field that was int32 before has fractions now
 */
export function defaultCollate<Sample>(samples: readonly Sample[], seen: NumberTypes = new Map()): Collated<Sample> {
  const [first] = samples;
  const isPlain =
    typeof first === "object" && first !== null && !(first instanceof Tensor) && !ArrayBuffer.isView(first);
  if (!isPlain) return stackFields(samples as unknown as Field[], "", seen) as Collated<Sample>;
  const field = (key: string | number): Tensor => {
    return stackFields(
      samples.map((sample) => (sample as Record<string | number, Field> | undefined)?.[key] as Field),
      ` in field ${key}`,
      seen,
    );
  };
  if (Array.isArray(first)) return first.map((_, i) => field(i)) as Collated<Sample>;
  return Object.fromEntries(Object.keys(first).map((key) => [key, field(key)])) as Collated<Sample>;
}

function stackFields(values: readonly Field[], where: string, seen: NumberTypes): Tensor {
  for (const [i, value] of values.entries()) assertField(value, `sample ${i} of the batch`, where);
  if (values.every((value) => typeof value === "number"))
    return tensor(values, { dtype: numberType(values, where, seen) });
  const tensors = values.map((value) => (value instanceof Tensor ? value : tensor(value)));
  const [{ shape, dtype }] = tensors as [Tensor];
  for (const { shape: other } of tensors) {
    if (formatShape(other) === formatShape(shape)) continue;
    throw new ShapeError(
      "DataLoader",
      [shape, other],
      `samples differ in shape${where}`,
      "pad them, or pass a collateFn",
    );
  }
  const hosts = tensors.map(({ array }) => array.host);
  const isOneDType = tensors.every((other) => other.dtype === dtype);
  if (!isOneDType || !hosts.every((host) => host !== undefined)) return stack(tensors);
  const size = numel(shape);
  const batch = new (hosts[0]!.data.constructor as new (length: number) => Float32Array)(size * tensors.length);
  hosts.forEach((host, i) => batch.set(pickFromHost(host!.data, host!.layout), i * size));
  for (const [i, value] of values.entries()) if (!(value instanceof Tensor)) tensors[i]!.dispose();
  return fromHost(batch, [tensors.length, ...shape], dtype);
}

/** Numbers by themselves are class labels if they are whole (and of 32 bits), else values to predict. */
function numberType(values: readonly number[], where: string, seen: NumberTypes): "int32" | "float32" {
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

function assertField(value: unknown, sample: string, where: string): void {
  const isNumeric = typeof value === "number" || typeof value === "boolean";
  if (isNumeric || Array.isArray(value) || ArrayBuffer.isView(value) || value instanceof Tensor) return;
  if (value === undefined)
    throw new DTypeError("DataLoader", `${sample} is undefined${where}; does getItem return all its parts?`);
  const kind = value === null ? "null" : `of type ${typeof value}`;
  throw new DTypeError(
    "DataLoader",
    `${sample} is ${kind}${where}; numbers, arrays of numbers, typed arrays and tensors can be stacked (pass a ` +
      "collateFn for anything else)",
  );
}
