// What x.index() takes, and what of it the host knows: lists of numbers, masks as the positions where they hold.

import { describe, isTensor } from "../core/check.js";
import type { TypedArray } from "../core/dtype.js";
import { DTypeError, OutOfRangeError, ShapeError, TapegradError } from "../core/errors.js";
import { contiguousStrides } from "../core/layout.js";
import { normalizeDim, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { SliceAttributes } from "../ops/shape.js";
import { make } from "./construct.js";
import { pickFromHost } from "./read.js";
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
/** Of a tensor: its elements start:end:step along `dim` (default 0), a view. */
export function slice(x: Tensor, options?: SliceOptions): Tensor;
export function slice(...args: readonly (number | null | undefined)[] | readonly [Tensor, SliceOptions?]): unknown {
  if (isTensor(args[0])) return sliceOf(...(args as readonly [Tensor, SliceOptions?]));
  const [start, stop, step] = args.length === 1 ? [null, args[0], 1] : args;
  return { start: start ?? null, stop: stop ?? null, step: step ?? 1 };
}

export interface SliceOptions {
  readonly dim?: number | null;
  readonly start?: number | null;
  readonly end?: number | null;
  readonly step?: number | null;
}

function sliceOf(x: Tensor, { dim, start, end, step }: SliceOptions = {}): Tensor {
  const at = normalizeDim("slice", dim ?? 0, x.ndim);
  return x.sliced({ ...rangeOf("slice", x.shape[at] ?? 0, slice(start ?? null, end ?? null, step)), dim: at });
}

/** The elements that start:stop:step takes of `size`. */
export function rangeOf(op: string, size: number, { start, stop, step }: Slice): Omit<SliceAttributes, "dim"> {
  if (!Number.isInteger(step) || step < 1)
    throw new OutOfRangeError(op, `a step must be a positive whole number, got ${step}`);
  const clamp = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const from = clamp(start ?? 0);
  return { start: from, length: Math.max(0, Math.ceil((clamp(stop ?? size) - from) / step)), step };
}

/** Stands for as many full dimensions as are left over. */
export const ellipsis: unique symbol = Symbol("ellipsis");

/** Positions, or a mask, as nested lists. */
export type IndexList = readonly (number | boolean | IndexList)[];

/**
 * A position, a range, a new dimension (null), all dimensions left (ellipsis), positions as an int32 tensor or nested
 * lists of numbers, or a mask as a bool tensor, nested lists of booleans, or a boolean.
 */
export type Index = number | boolean | Slice | null | typeof ellipsis | Tensor | IndexList;

export function isSlice(index: unknown): index is Slice {
  return typeof index === "object" && index !== null && "step" in index;
}

/** An int32 tensor of host data. */
export function ints(values: readonly number[] | Int32Array, shape: Shape = [values.length], madeBy = "index"): Tensor {
  return make(NDArray.fromHost(Int32Array.from(values), "int32", shape), undefined, madeBy);
}

/** The elements in row-major order, where the host knows them. */
export function hostValues({ array }: Tensor): TypedArray | undefined {
  return array.host && pickFromHost(array.host.data, array.host.layout);
}

/** Nested lists as a tensor: int32, or bool where they hold booleans. */
export function listed(list: IndexList): Tensor {
  const shape: number[] = [];
  for (let part: unknown = list; Array.isArray(part); part = part[0]) shape.push(part.length);
  const values: unknown[] = [];
  const visit = (part: unknown, d: number): void => {
    if (!Array.isArray(part)) values.push(part);
    else if (part.length === shape[d]) for (const element of part) visit(element, d + 1);
    else
      throw new ShapeError(
        "index",
        [shape],
        `a list at depth ${d} has ${part.length} elements where another has ${shape[d]}`,
      );
  };
  visit(list, 0);
  const isMask = values.length > 0 && values.every((value) => typeof value === "boolean");
  if (!isMask && !values.every(Number.isInteger)) {
    throw new TapegradError("index", `lists hold whole numbers, or booleans, got ${describe(list)}`);
  }
  const dtype = isMask ? "bool" : "int32";
  const data = isMask ? Uint8Array.from(values, Number) : Int32Array.from(values as number[]);
  return make(NDArray.fromHost(data, dtype, shape), undefined, "index");
}

/**
 * The positions where a mask holds, one int32 tensor for each of its dimensions.
 * @throws DTypeError where only the GPU knows them
 */
export function positionsOf(op: string, mask: Tensor, at: readonly [x: Shape, dim: number]): Tensor[] {
  const [shape, dim] = at;
  mask.shape.forEach((size, d) => {
    if (size === shape[dim + d]) return;
    const problem = `the mask has ${size} elements along its dimension ${d}, and the tensor ${shape[dim + d] ?? "none"} along dimension ${dim + d}`;
    throw new ShapeError(op, [shape, mask.shape], problem);
  });
  const values = hostValues(mask);
  if (values === undefined) {
    const fix =
      op === "index"
        ? "await x.indexAsync(...) or await x.maskedSelect(mask)"
        : "x.where(mask, ...), or the positions: ...(await mask.nonzero({ asTuple: true }))";
    const problem = `how many elements a mask computed on the GPU names is known only there; use ${fix}`;
    throw new DTypeError(op, problem);
  }
  const positions = positionsIn(values);
  return contiguousStrides(mask.shape).map((stride, d) =>
    ints(positions.map((at) => Math.floor(at / stride) % mask.shape[d]!)),
  );
}

export function positionsIn(flags: TypedArray): number[] {
  const positions: number[] = [];
  flags.forEach((flag: number, i: number) => {
    if (flag !== 0) positions.push(i);
  });
  return positions;
}

/** Masks with their values on the host, also those in lists; anything else as it is. */
export async function onHost(index: Index): Promise<Index> {
  if (Array.isArray(index)) return Promise.all((index as readonly Index[]).map(onHost)) as Promise<IndexList>;
  if (!isTensor(index) || (index as Tensor).dtype !== "bool") return index;
  const mask = index as Tensor;
  return make(NDArray.fromHost(await mask.data(), "bool", mask.shape), undefined, "index");
}
