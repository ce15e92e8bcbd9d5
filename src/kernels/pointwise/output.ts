// Outputs: where a kernel writes arrays that it computes.

import { dtypes } from "../../core/dtype.js";
import { contiguousStrides, type Layout } from "../../core/layout.js";
import { numel, sameShape } from "../../core/shape.js";
import { Storage } from "../../runtime/storage.js";
import type { NDArray } from "../array.js";

/** Where a traced array's elements go. All outputs of a fusion lie in one block and have one stored type. */
export interface Output {
  readonly array: NDArray;
  readonly storage: Storage;
  /** Per dimension of the fusion's shape, in elements. */
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Existing memory, laid out for the array. */
export function outputAt(array: NDArray, storage: Storage, { strides, offset }: Layout): Output {
  return { array, storage, strides, offset };
}

/** New memory for arrays of one shape, side by side. */
export function newOutputs(arrays: readonly NDArray[]): Output[] {
  const sizes = arrays.map(({ dtype, shape }) => numel(shape) * dtypes[dtype].bytes);
  const storages = Storage.sideBySide(arrays[0]!.device, sizes);
  return arrays.map((array, i) => ({
    array,
    storage: storages[i]!,
    strides: contiguousStrides(array.shape),
    offset: 0,
  }));
}

/** Whether a leaf is read exactly where an output is written, so that one writable binding serves both. */
export function isSamePlace(leaf: NDArray, output: Output): boolean {
  const { storage, layout } = leaf.realize();
  return (
    storage === output.storage &&
    layout.offset === output.offset &&
    sameShape(layout.shape, output.array.shape) && // a leaf that is broadcast is read more widely than it is written
    layout.strides.every((stride, d) => stride === output.strides[d] || layout.shape[d] === 1)
  );
}
