// Adaptive pooling: as many windows as the result has elements, next to one another.

import { checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError, ShapeError } from "../../core/errors.js";
import { type Optional, optional } from "../../core/options.js";
import { assertFloat } from "../../ops/pointwise.js";
import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { adaptiveMeans, adaptiveTaps, adaptiveWindow, resample } from "./resample.js";
import { checkPlaces } from "./window.js";

/** One size for all directions, or one for each; null keeps the input's. */
export type OutputSize = number | null | readonly (number | null)[];

/** A flag by position, or in the options object. */
type ReturnIndices = Optional<"returnIndices", boolean>;
type WithIndices = true | { readonly returnIndices: true };
type WithoutIndices = Optional<"returnIndices", false>;
type Pooled = Tensor | [values: Tensor, indices: Tensor];

/** Means of `outputSize` windows: [N, C, L] or [C, L] -> [..., OL]. Window i goes from floor(i L / OL) to ceil((i + 1) L / OL). */
export function adaptiveAvgPool1d(x: Tensor, outputSize: OutputSize): Tensor {
  return means("adaptiveAvgPool1d", 1, x, outputSize);
}

/** Means of `outputSize` windows: [N, C, H, W] or [C, H, W] -> [..., OH, OW]. See adaptiveAvgPool1d. */
export function adaptiveAvgPool2d(x: Tensor, outputSize: OutputSize): Tensor {
  return means("adaptiveAvgPool2d", 2, x, outputSize);
}

/** Means of `outputSize` windows: [N, C, D, H, W] or [C, D, H, W] -> [..., OD, OH, OW]. See adaptiveAvgPool1d. */
export function adaptiveAvgPool3d(x: Tensor, outputSize: OutputSize): Tensor {
  return means("adaptiveAvgPool3d", 3, x, outputSize);
}

/** The largest of each of `outputSize` windows; with `returnIndices`, also where in its row it is. See adaptiveAvgPool1d. */
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize, returnIndices: WithIndices): [Tensor, Tensor];
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize, returnIndices?: WithoutIndices): Tensor;
export function adaptiveMaxPool1d(x: Tensor, outputSize: OutputSize, returnIndices?: ReturnIndices): Pooled {
  return largest("adaptiveMaxPool1d", 1, x, outputSize, optional(returnIndices, "returnIndices", false));
}

/** The largest of each of `outputSize` windows; with `returnIndices`, also where in its plane it is. See adaptiveAvgPool2d. */
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, returnIndices: WithIndices): [Tensor, Tensor];
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, returnIndices?: WithoutIndices): Tensor;
export function adaptiveMaxPool2d(x: Tensor, outputSize: OutputSize, returnIndices?: ReturnIndices): Pooled {
  return largest("adaptiveMaxPool2d", 2, x, outputSize, optional(returnIndices, "returnIndices", false));
}

/** The largest of each of `outputSize` windows; with `returnIndices`, also where in its volume it is. See adaptiveAvgPool3d. */
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, returnIndices: WithIndices): [Tensor, Tensor];
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, returnIndices?: WithoutIndices): Tensor;
export function adaptiveMaxPool3d(x: Tensor, outputSize: OutputSize, returnIndices?: ReturnIndices): Pooled {
  return largest("adaptiveMaxPool3d", 3, x, outputSize, optional(returnIndices, "returnIndices", false));
}

function means(op: string, count: number, x: Tensor, outputSize: OutputSize): Tensor {
  return meansOf(x, outputSizes(op, count, x, outputSize));
}

/** @internal The means of `sizes` windows in the last dimensions. */
export function meansOf(x: Tensor, sizes: readonly number[]): Tensor {
  const lead = x.ndim - sizes.length;
  // Dimensions that divide are reduced together; the others one after another.
  const isEven = sizes.map((size, d) => size > 0 && x.shape[lead + d]! % size === 0);
  const split = sizes.flatMap((size, d) => (isEven[d] ? [size, x.shape[lead + d]! / size] : [x.shape[lead + d]!, 1]));
  const even = isEven.some((divides, d) => divides && sizes[d] !== x.shape[lead + d])
    ? x.reshape([...x.shape.slice(0, lead), ...split]).mean(sizes.map((_, d) => lead + 2 * d + 1))
    : x;
  return sizes.reduce((y, size, d) => {
    return isEven[d] ? y : resample(y, lead + d, adaptiveMeans(x.shape[lead + d]!, size));
  }, even);
}

/** One dimension after another, from the last on: the largest of the largest, and of equal ones the first. */
function largest(op: string, count: number, x: Tensor, outputSize: OutputSize, returnIndices: boolean): Pooled {
  const sizes = outputSizes(op, count, x, outputSize);
  const lead = x.ndim - count;
  let values = x;
  let indices: Tensor | undefined;
  let behind = 1; // elements of x in the dimensions done
  for (let d = count - 1; d >= 0; d--) {
    const dim = lead + d;
    const size = x.shape[dim]!;
    const { best, position } = alongDim(values, dim, sizes[d]!);
    values = best;
    if (returnIndices) {
      const inner: Tensor = indices === undefined ? position : position.mul(behind).add(indices.gather(dim, position));
      indices = inner;
    }
    behind *= size;
  }
  return returnIndices ? [values, indices!] : values;
}

/** The largest of each window along one dimension, and its position there. */
function alongDim(x: Tensor, dim: number, count: number): { best: Tensor; position: Tensor } {
  const size = x.shape[dim]!;
  const taps = adaptiveTaps(size, count);
  const start = Int32Array.from({ length: count }, (_, i) => adaptiveWindow(i, size, count)[0]);
  const index = Int32Array.from({ length: count * taps }, (_, at) => {
    const [first, end] = adaptiveWindow(Math.floor(at / taps), size, count);
    return Math.min(first + (at % taps), end - 1);
  });
  const tail = x.shape.slice(dim + 1);
  const picked = x.indexSelect(dim, fromHost(index, [index.length], "int32"));
  const split = picked.reshape([...x.shape.slice(0, dim), count, taps, ...tail]);
  const { values, indices } = split.max(dim + 1);
  return { best: values, position: indices.add(fromHost(start, [count, ...tail.map(() => 1)], "int32")) };
}

function outputSizes(op: string, count: number, x: Tensor, outputSize: OutputSize): number[] {
  checkPlaces(op, count, x);
  assertFloat(op, "x", x);
  const given = Array.isArray(outputSize) ? (outputSize as readonly (number | null)[]) : [outputSize as number | null];
  if (given.length !== 1 && given.length !== count) {
    throw new OutOfRangeError(op, `outputSize must be a number or ${count} of them, got ${describe(outputSize)}`);
  }
  const size = x.shape.slice(-count);
  const sizes = size.map((n, d) => given[given.length === 1 ? 0 : d] ?? n);
  checkWhole(op, { outputSize: sizes });
  if (size.every((n) => n > 0)) return sizes;
  throw new ShapeError(op, [x.shape], "there is nothing to pool: only batch and channels may be empty");
}
