// What kernels that use an index have in common. They see their operands as [O, D, I] or [O, J, I]: what lies before the
// indexed dimension, the dimension, and what lies after it.

import { formatShape, OutOfRangeError } from "../core/errors.js";
import { isContiguous } from "../core/layout.js";
import { numel, type Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import type { NDArray } from "./array.js";

export const LANES = 64; // WORKGROUP_SIZE of the kernels

export interface IndexUse {
  /** The operation, for errors. */
  readonly op: string;
  readonly dim: number;
  /** The tensor's, for errors; default: that of what is indexed. */
  readonly shape?: Shape;
  /** Whether -1 is the last element. Default false. */
  readonly wraps?: boolean;
  /** Whether the index was made of several. Default false. */
  readonly isJoined?: boolean;
}

/** The product of the sizes before a dimension, its size, and that of the sizes after it. */
export function split(shape: Shape, dim: number): [before: number, along: number, after: number] {
  return [numel(shape.slice(0, dim)), shape[dim]!, numel(shape.slice(dim + 1))];
}

/** The index's strides over o, j and i; copied where the dimensions before or after do not merge. */
export function indexStrides(
  index: NDArray,
  shape: Shape,
  dim: number,
): { array: NDArray; values: [number, number, number] } {
  const full = index.expand(shape);
  const { strides } = full.realize().layout;
  const isShared = strides.every((stride, d) => d === dim || stride === 0 || shape[d] === 1);
  if (isShared) return { array: full, values: [0, strides[dim]!, 0] };
  const [, J, I] = split(shape, dim);
  return { array: full.contiguous(), values: [J * I, I, 1] };
}

/** Throws if the host knows an index that is out of range. */
export function assertKnown(
  { host }: NDArray,
  count: number,
  { op, dim, shape, wraps = false }: IndexUse & { readonly shape: Shape },
): void {
  if (host === undefined) return;
  const { layout } = host;
  const least = wraps ? -count : 0;
  // Expanded dimensions, whose stride is 0, hold nothing else.
  const own = { ...layout, shape: layout.shape.map((size, d) => (layout.strides[d] === 0 && size > 0 ? 1 : size)) };
  const end = isContiguous(own) ? layout.offset + numel(own.shape) : layout.offset;
  for (const value of host.data.subarray(layout.offset, end)) {
    if (value >= least && value < count) continue;
    throw new OutOfRangeError(
      op,
      `index ${value} is out of range for dimension ${dim} of shape ${formatShape(shape)}; valid are ${least} to ${count - 1}`,
    );
  }
}

/** Checks indices the host knows, at once; returns the code under which the GPU reports the others. */
export function check(index: NDArray, count: number, indexed: Shape, given: IndexUse, device: Device): number {
  const { op, dim, shape = indexed, isJoined = false } = given;
  assertKnown(index, count, { ...given, shape });
  const where = `shape ${formatShape(shape)}`;
  if (!isJoined) return device.faults.indexCode(`${op} along dimension ${dim} of ${where}`);
  return device.faults.code(() => new OutOfRangeError(op, `one of several indices is out of range for ${where}`));
}
