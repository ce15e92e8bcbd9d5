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

/** Stacks samples, field by field, into tensors with a new first dimension. */
export function defaultCollate<Sample>(samples: readonly Sample[]): Collated<Sample> {
  const [first] = samples;
  const isPlain =
    typeof first === "object" && first !== null && !(first instanceof Tensor) && !ArrayBuffer.isView(first);
  if (!isPlain) return stackFields(samples as unknown as Field[], "") as Collated<Sample>;
  const field = (key: string | number): Tensor => {
    return stackFields(
      samples.map((sample) => (sample as Record<string | number, Field>)[key]!),
      ` field ${key}`,
    );
  };
  if (Array.isArray(first)) return first.map((_, i) => field(i)) as Collated<Sample>;
  return Object.fromEntries(Object.keys(first).map((key) => [key, field(key)])) as Collated<Sample>;
}

function stackFields(values: readonly Field[], where: string): Tensor {
  const [first] = values;
  if (first === undefined)
    throw new DTypeError("DataLoader", `a sample${where} is undefined; does getItem return all its parts?`);
  // A number by itself is a class label if it is whole, else a value to predict.
  if (typeof first === "number") {
    const numbers = values as readonly number[];
    return tensor(numbers, { dtype: numbers.every(Number.isInteger) ? "int32" : "float32" });
  }
  const tensors = values.map((value) => (value instanceof Tensor ? value : tensor(value)));
  const [{ shape, dtype }] = tensors as [Tensor];
  for (const { shape: other } of tensors) {
    if (formatShape(other) === formatShape(shape)) continue;
    throw new ShapeError(
      "DataLoader",
      [shape, other],
      `samples${where} differ in shape`,
      "pad them, or pass a collateFn",
    );
  }
  const hosts = tensors.map(({ array }) => array.host);
  if (!hosts.every((host) => host !== undefined)) return stack(tensors);
  const size = numel(shape);
  const batch = new (hosts[0]!.data.constructor as new (length: number) => Float32Array)(size * tensors.length);
  hosts.forEach((host, i) => batch.set(pickFromHost(host!.data, host!.layout), i * size));
  for (const [i, value] of values.entries()) if (!(value instanceof Tensor)) tensors[i]!.dispose();
  return fromHost(batch, [tensors.length, ...shape], dtype);
}
