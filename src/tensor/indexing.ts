// x.index(...): what Python writes as x[...].

import { describe, isTensor } from "../core/check.js";
import type { TypedArray } from "../core/dtype.js";
import { DTypeError, formatShape, OutOfRangeError, ShapeError, TapegradError } from "../core/errors.js";
import { contiguousStrides, isContiguous } from "../core/layout.js";
import { broadcastsTo, numel, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { selected } from "./arguments.js";
import type { Tensor } from "./tensor.js";

/** Python's start:stop:step; null means "from the end it comes from". Steps are positive, as in PyTorch. */
export interface Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number;
}

/** `slice(2)` is [:2], `slice(1, null)` is [1:], `slice(null, null, 2)` is [::2]. */
export function slice(stop: number | null): Slice;
export function slice(start: number | null, stop: number | null, step?: number | null): Slice;
export function slice(...args: (number | null | undefined)[]): Slice {
  const [start, stop, step] = args.length === 1 ? [null, args[0], 1] : args;
  return { start: start ?? null, stop: stop ?? null, step: step ?? 1 };
}

/** Stands for as many full dimensions as are left over. */
export const ellipsis: unique symbol = Symbol("ellipsis");

/** A position, a range, a new dimension (null), all dimensions left (ellipsis), or an int32 tensor of positions. */
export type Index = number | Slice | null | typeof ellipsis | Tensor;

export function indexTensor(x: Tensor, indices: readonly Index[]): Tensor {
  let result = x;
  let dim = 0; // of the result
  let from = 0; // of x
  for (const index of withoutEllipsis(x, indices)) {
    if (index === null) {
      result = result.unsqueeze(dim++);
    } else if (typeof index === "number") {
      const at = selected(x.shape, from++, index, "index");
      result = result.sliced({ ...at, dim }).reshape(result.shape.toSpliced(dim, 1));
    } else if ("step" in index) {
      result = ranged(result, dim++, index);
      from++;
    } else {
      result = picked(result, dim, index);
      dim += index.ndim;
      from++;
    }
  }
  if (result === x) return x.reshape(x.shape);
  return indices.some(isTensor) ? result.asBase() : result; // picked elements are a copy
}

/** The indices with the ellipsis (or the missing end) written out as full ranges. */
function withoutEllipsis(x: Tensor, indices: readonly Index[]): (number | Slice | null | Tensor)[] {
  for (const index of indices) assertIndex(index);
  const used = indices.filter((index) => index !== null && index !== ellipsis).length;
  if (used > x.ndim) throw new ShapeError("index", [x.shape], `${used} indices for ${x.ndim} dimensions`);
  const at = indices.indexOf(ellipsis);
  if (indices.lastIndexOf(ellipsis) !== at) throw new ShapeError("index", [x.shape], "at most one ellipsis");
  if (indices.filter((index) => typeof index === "object" && index !== null && !("step" in index)).length > 1) {
    throw new ShapeError(
      "index",
      [x.shape],
      "at most one index can be a tensor; x.gather(1, index) picks one element of each row",
    );
  }
  const rest = new Array<Slice>(x.ndim - used).fill(slice(null, null));
  const all = at < 0 ? [...indices, ...rest] : [...indices.slice(0, at), ...rest, ...indices.slice(at + 1)];
  return all as (number | Slice | null | Tensor)[];
}

function assertIndex(index: unknown): void {
  if (typeof index === "number" || index === null || index === ellipsis || isTensor(index)) return;
  if (typeof index === "object" && "step" in index) return;
  const fix = Array.isArray(index) ? `: use tensor(${describe(index)}, { dtype: "int32" })` : "";
  throw new TapegradError("index", `takes numbers, slice(), null, ellipsis and a tensor, got ${describe(index)}${fix}`);
}

function ranged(x: Tensor, dim: number, { start, stop, step }: Slice): Tensor {
  if (!Number.isInteger(step) || step < 1)
    throw new OutOfRangeError("index", `a step must be a positive whole number, got ${step}`);
  const size = x.shape[dim]!;
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const from = clamp(start ?? 0);
  const length = Math.max(0, Math.ceil((clamp(stop ?? size) - from) / step));
  return from === 0 && length === size ? x : x.sliced({ dim, start: from, length, step });
}

/** The positions an int32 tensor holds; its dimensions take the place of `dim`. */
function picked(x: Tensor, dim: number, index: Tensor): Tensor {
  if (index.dtype === "bool") {
    throw new DTypeError(
      "index",
      "a mask gives a result whose size only the GPU knows; use await x.maskedSelect(mask), or x.where(mask, value)",
    );
  }
  const flat = index.reshape([-1]);
  const shape = [...x.shape.slice(0, dim), ...index.shape, ...x.shape.slice(dim + 1)];
  return x.indexSelectAs(flat, { dim, op: "index", wraps: true }).reshape(shape);
}

/**
 * The elements of x where the mask holds, in row-major order.
 * @param tensor - makes a tensor of positions
 */
export async function maskedSelect(
  x: Tensor,
  mask: Tensor,
  tensor: (positions: Int32Array, shape: Shape) => Tensor,
): Promise<Tensor> {
  if (mask.dtype !== "bool") throw new DTypeError("maskedSelect", `the mask is ${mask.dtype} and must be bool`);
  if (!broadcastsTo(mask.shape, x.shape)) {
    throw new ShapeError(
      "maskedSelect",
      [x.shape, mask.shape],
      `a mask of ${formatShape(mask.shape)} does not broadcast to the tensor`,
      "whole rows: x.indexSelect(0, (await mask.nonzero()).squeeze(1))",
    );
  }
  const positions = positionsIn(await mask.expand(x.shape).data());
  return x
    .reshape([-1])
    .indexSelectAs(tensor(Int32Array.from(positions), [positions.length]), { dim: 0, op: "maskedSelect" });
}

/** The indices of the elements of x that are not zero, [count, x.ndim], in row-major order. */
export async function nonzero(x: Tensor, tensor: (values: Int32Array, shape: Shape) => Tensor): Promise<Tensor> {
  const positions = positionsIn(await x.data());
  const strides = contiguousStrides(x.shape);
  const indices = positions.flatMap((at) => strides.map((stride, d) => Math.floor(at / stride) % x.shape[d]!));
  return tensor(Int32Array.from(indices), [positions.length, x.ndim]);
}

function positionsIn(flags: TypedArray): number[] {
  const positions: number[] = [];
  flags.forEach((flag: number, i: number) => {
    if (flag !== 0) positions.push(i);
  });
  return positions;
}

/** x[indices] for data loaders, -1 being the last row: copied on the host as long as the data has not left it. */
export function pickRows(
  x: Tensor,
  indices: Int32Array,
  make: (array: NDArray, variable: undefined) => Tensor,
): Tensor {
  const { array } = x;
  const { host } = array;
  const shape = [indices.length, ...x.shape.slice(1)];
  if (host === undefined || !isContiguous(host.layout)) {
    const index = make(NDArray.fromHost(Int32Array.from(indices), "int32", [indices.length], array.device), undefined);
    return x.indexSelectAs(index, { dim: 0, op: "DataLoader", wraps: true });
  }
  const size = numel(shape) / indices.length;
  const rows = new (host.data.constructor as new (length: number) => TypedArray)(numel(shape));
  indices.forEach((index, i) => {
    const start = host.layout.offset + selected(x.shape, 0, index, "DataLoader").start * size;
    rows.set(host.data.subarray(start, start + size), i * size);
  });
  return make(NDArray.fromHost(rows, x.dtype, shape, array.device), undefined);
}
