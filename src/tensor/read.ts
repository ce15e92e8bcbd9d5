// Reading tensors back: flat, nested, or as text the way PyTorch prints it.

import type { TypedArray } from "../core/dtype.js";
import { contiguousStrides, type Layout } from "../core/layout.js";
import { numel, type Shape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { isReadRefused } from "../runtime/recording.js";

/** Numbers nested as deeply as the tensor has dimensions. */
export type Nested = number | Nested[];

/** The elements in row-major order. Waits for the GPU. */
export async function readArray(array: NDArray): Promise<TypedArray> {
  if (isReadRefused()) return new Promise(() => undefined);
  const { host } = array;
  if (host !== undefined) return pickFromHost(host.data, host.layout);
  const dense = inFrame(() => array.contiguous());
  try {
    return await dense.device.read(dense.block, dense.startByte, numel(array.shape), array.dtype);
  } finally {
    dense.release();
  }
}

/** Copies the elements of a layout out of host data, in row-major order. */
export function pickFromHost(data: TypedArray, { shape, strides, offset }: Layout): TypedArray {
  const count = numel(shape);
  const picked = new (data.constructor as new (length: number) => TypedArray)(count);
  const own = contiguousStrides(shape);
  for (let i = 0; i < count; i++) {
    let at = offset;
    for (let d = 0; d < shape.length; d++) at += (Math.floor(i / own[d]!) % shape[d]!) * strides[d]!;
    picked[i] = data[at]!;
  }
  return picked;
}

export function toNested(data: ArrayLike<number>, shape: Shape): Nested {
  const build = (d: number, start: number): Nested => {
    if (d === shape.length) return data[start]!;
    const step = numel(shape.slice(d + 1));
    return Array.from({ length: shape[d]! }, (_, i) => build(d + 1, start + i * step));
  };
  return build(0, 0);
}
