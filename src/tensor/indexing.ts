// x.index(...): what Python writes as x[...].

import { describe, isTensor } from "../core/check.js";
import type { TypedArray } from "../core/dtype.js";
import { DTypeError, ShapeError, TapegradError } from "../core/errors.js";
import { isContiguous } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { select } from "../ops/shape.js";
import { pick } from "./advanced.js";
import { selected } from "./arguments.js";
import { apply } from "./construct.js";
import {
  ellipsis,
  hostValues,
  type Index,
  ints,
  isSlice,
  listed,
  positionsOf,
  rangeOf,
  type Slice,
  slice,
} from "./index-values.js";
import type { Tensor } from "./tensor.js";

type Part = number | boolean | Slice | null | typeof ellipsis | Tensor;

/** The elements at the indices: first numbers, slices and new dimensions, which make a view, then positions and masks. */
export function indexTensor(x: Tensor, indices: readonly Index[]): Tensor {
  let result = x;
  let dim = 0; // of the result
  let from = 0; // of x
  const positions: (Tensor | undefined)[] = [];
  for (const index of withoutEllipsis(x, partsOf(indices))) {
    if (index === null) {
      result = result.unsqueeze(dim++);
    } else if (typeof index === "number") {
      const { start } = selected(x.shape, from++, index, "index");
      result = apply(select, [result], { dim, index: start });
    } else if (isSlice(index)) {
      result = ranged(result, dim++, index);
      from++;
    } else if (typeof index === "boolean") {
      result = result.unsqueeze(dim);
      positions[dim++] = ints(index ? [0] : []);
    } else if (index.dtype === "bool") {
      for (const own of positionsOf("index", index, [x.shape, from])) positions[dim++] = own;
      from += index.ndim;
    } else if (index.ndim === 0) {
      const use = { dim, op: "index", wraps: true, shape: x.shape };
      result = result
        .indexSelectAs(index.reshape([1]), use)
        .reshape(result.shape.toSpliced(dim, 1))
        .asBase();
      from++;
    } else {
      positions[dim++] = index;
      from++;
    }
  }
  if (positions.some(isTensor)) return pick("index", result, positions);
  return result === x ? x.reshape(x.shape) : result;
}

/** The indices, with lists as tensors, and tensors without dimensions as what they hold where the host knows. */
function partsOf(indices: readonly Index[]): Part[] {
  const [only] = indices;
  // One list alone is the list of indices, unless it holds numbers or booleans: x[[0, 2]] picks rows.
  const isAll =
    indices.length === 1 && Array.isArray(only) && only.some((part) => typeof part === "object" || part === ellipsis);
  return (isAll ? (only as unknown as readonly Index[]) : indices).map((index): Part => {
    if (Array.isArray(index)) return listed(index);
    if (!isTensor(index)) return checked(index as Part);
    const tensor = index as Tensor;
    if (tensor.dtype !== "int32" && tensor.dtype !== "bool") {
      throw new DTypeError("index", `the index is ${tensor.dtype} and must be int32 or bool: index.to("int32")`);
    }
    const [value] = tensor.ndim === 0 ? (hostValues(tensor) ?? []) : [];
    return value === undefined ? tensor : tensor.dtype === "bool" ? value !== 0 : value;
  });
}

function checked(index: Part): Part {
  if (typeof index === "number" || typeof index === "boolean" || index === null || index === ellipsis) return index;
  if (isSlice(index)) return index;
  throw new TapegradError(
    "index",
    `takes numbers, slice(), null, ellipsis, booleans, lists and tensors, got ${describe(index)}`,
  );
}

/** The indices with the ellipsis (or the missing end) written out as full ranges. */
function withoutEllipsis(x: Tensor, indices: readonly Part[]): Exclude<Part, typeof ellipsis>[] {
  const used = indices.reduce((count: number, index) => count + dimsUsed(index), 0);
  if (used > x.ndim) throw new ShapeError("index", [x.shape], `${used} indices for ${x.ndim} dimensions`);
  const at = indices.indexOf(ellipsis);
  if (indices.lastIndexOf(ellipsis) !== at) throw new ShapeError("index", [x.shape], "at most one ellipsis");
  const rest = new Array<Slice>(x.ndim - used).fill(slice(null, null));
  const all = at < 0 ? [...indices, ...rest] : [...indices.slice(0, at), ...rest, ...indices.slice(at + 1)];
  return all as Exclude<Part, typeof ellipsis>[];
}

/** How many dimensions of x an index is for. */
function dimsUsed(index: Part): number {
  if (index === null || index === ellipsis || typeof index === "boolean") return 0;
  return typeof index === "object" && "dtype" in index && index.dtype === "bool" ? index.ndim : 1;
}

function ranged(x: Tensor, dim: number, slice: Slice): Tensor {
  const range = rangeOf("index", x.shape[dim]!, slice);
  return range.start === 0 && range.length === x.shape[dim] ? x : x.sliced({ ...range, dim });
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
