// Reading and adding up rows by index. Both see their operands as [O, D, I] or [O, J, I]: what lies before the indexed
// dimension, the dimension, and what lies after it.

import { type DType, dtypes } from "../core/dtype.js";
import { formatShape, OutOfRangeError } from "../core/errors.js";
import { isContiguous } from "../core/layout.js";
import { numel, type Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import { NDArray } from "./array.js";
import { kernelSource, type WgslFile } from "./source.js";
import gatherWgsl from "./wgsl/gather.js";
import scatterCountWgsl from "./wgsl/scatter-count.js";
import scatterPlaceWgsl from "./wgsl/scatter-place.js";
import scatterScanWgsl from "./wgsl/scatter-scan.js";
import scatterSumWgsl from "./wgsl/scatter-sum.js";

const LANES = 64; // WORKGROUP_SIZE of the kernels

export interface IndexUse {
  /** The operation, for errors. */
  readonly op: string;
  readonly dim: number;
  /** The tensor's, for errors; default: that of what is indexed. */
  readonly shape?: Shape;
  /** Whether -1 is the last element. Default false. */
  readonly wraps?: boolean;
}

/**
 * y[o, j, i] = x[o, index[o, j, i], i].
 * @param index - int32; its shape broadcasts to that of the result
 * @param shape - of the result: x's but for dimension `dim`
 */
export function gather(x: NDArray, index: NDArray, shape: Shape, use: IndexUse): NDArray {
  const { device, dtype } = x;
  const [O, D, I] = split(x.shape, use.dim);
  const J = shape[use.dim]!;
  const code = check(index, D, x.shape, use, device);
  const y = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return y;
  const strides = indexStrides(index, shape, use.dim);
  const [xs, indices] = [x.contiguous(), strides.array];
  const kernel = device.kernel(`gather ${dtype}`, () =>
    kernelSource(gatherWgsl, { types: { S: dtypes[dtype].stored } }),
  );
  const params = [O, J, I, D, xs.start, indices.start, ...strides.values, Number(use.wraps ?? false), code];
  device.launch(
    kernel,
    params,
    [xs.block, indices.block, y.block, device.faults.block],
    Math.ceil(numel(shape) / LANES),
  );
  return y;
}

/**
 * y[o, d, i] = sum of x[o, j, i] over all j with index[o, j, i] = d; 0 where there is none. Deterministic: positions are
 * sorted by index, stably, and added up in that order.
 * @param size - of dimension `dim` of the result
 */
export function scatterSum(x: NDArray, index: NDArray, size: number, use: IndexUse): NDArray {
  const { device, dtype } = x;
  const shape = x.shape.with(use.dim, size);
  const code = check(index, size, shape, use, device);
  if (numel(x.shape) === 0 || size === 0) return NDArray.constant(0, dtype, shape, device);
  const { array: indices, values: strides } = indexStrides(index, x.shape, use.dim);
  const [O, J, I] = split(x.shape, use.dim);
  // An index that is the same for all o and i sorts whole rows; otherwise every element is a row of its own.
  const isByRow = (strides[0] === 0 || O === 1) && (strides[2] === 0 || I === 1);
  const [keyO, keyI] = isByRow ? [1, 1] : [O, I];
  const count = keyO * J * keyI;
  const bins = keyO * size * keyI;

  const [key, order] = [0, 1].map(() => NDArray.empty("int32", [count], device)) as [NDArray, NDArray];
  const cursor = NDArray.empty("int32", [bins], device);
  NDArray.constant(0, "int32", [bins], device).computeInto(cursor.realize());
  const run = (
    file: WgslFile,
    params: readonly number[],
    arrays: readonly NDArray[],
    groups: number,
    type?: DType,
  ): void => {
    const types = type && { S: dtypes[type].stored, T: dtypes[type].stored === "f16" ? "f32" : dtypes[type].stored };
    const kernel = device.kernel(`${file.name} ${type}`, () => kernelSource(file, types && { types }));
    const blocks = arrays.map(({ block }) => block);
    device.launch(kernel, params, file === scatterCountWgsl ? [...blocks, device.faults.block] : blocks, groups);
  };
  const keyParams = [keyO, J, keyI, size, indices.start, ...strides, bins, Number(use.wraps ?? false), code];
  run(scatterCountWgsl, keyParams, [indices, key, cursor], Math.ceil(count / LANES));
  run(scatterScanWgsl, [bins], [cursor], 1);
  run(scatterPlaceWgsl, [count, bins], [key, order, cursor], 1);
  const y = NDArray.empty(dtype, shape, device);
  const xs = x.contiguous();
  const sumParams = isByRow ? [O, bins, I, count, xs.start] : [1, bins, 1, count, xs.start];
  run(scatterSumWgsl, sumParams, [xs, order, cursor, y], Math.ceil(numel(shape) / LANES), dtype);
  return y;
}

function split(shape: Shape, dim: number): [before: number, along: number, after: number] {
  return [numel(shape.slice(0, dim)), shape[dim]!, numel(shape.slice(dim + 1))];
}

/** The index's strides over o, j and i; copied where the dimensions before or after do not merge. */
function indexStrides(index: NDArray, shape: Shape, dim: number): { array: NDArray; values: [number, number, number] } {
  const full = index.expand(shape);
  const { strides } = full.realize().layout;
  const isShared = strides.every((stride, d) => d === dim || stride === 0 || shape[d] === 1);
  if (isShared) return { array: full, values: [0, strides[dim]!, 0] };
  const [, J, I] = split(shape, dim);
  return { array: full.contiguous(), values: [J * I, I, 1] };
}

/** Checks indices the host knows, at once; returns the code under which the GPU reports the others. */
function check(
  index: NDArray,
  count: number,
  indexed: Shape,
  { op, dim, shape = indexed, wraps = false }: IndexUse,
  device: Device,
): number {
  const { host } = index;
  if (host !== undefined && isContiguous(host.layout)) {
    const { offset } = host.layout;
    const least = wraps ? -count : 0;
    for (const value of host.data.subarray(offset, offset + numel(index.shape))) {
      if (value >= least && value < count) continue;
      throw new OutOfRangeError(
        op,
        `index ${value} is out of range for dimension ${dim} of shape ${formatShape(shape)}; valid are ${least} to ${count - 1}`,
      );
    }
  }
  return device.faults.indexCode(`${op} along dimension ${dim} of shape ${formatShape(shape)}`);
}
