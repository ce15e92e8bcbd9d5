// The same elements in another order, or more than once. The results are copies.

import { checkList, checkTensor, checkWhole, isTensor } from "../core/check.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { isOptions } from "../core/options.js";
import { normalizeDim } from "../core/shape.js";
import { fromHost } from "../tensor/create.js";
import { cat } from "../tensor/join.js";
import { checkInteger } from "../tensor/shape-arguments.js";
import type { Tensor } from "../tensor/tensor.js";

/** Columns in reverse order: flip of dimension 1. */
export function fliplr(x: Tensor): Tensor {
  if (x.ndim < 2) throw new ShapeError("fliplr", [x.shape], "needs two dimensions at least", "flipud() flips a vector");
  return x.flip([1]);
}

/** Rows in reverse order: flip of dimension 0. */
export function flipud(x: Tensor): Tensor {
  if (x.ndim < 1) throw new ShapeError("flipud", [x.shape], "needs a dimension");
  return x.flip([0]);
}

type Dims = number | readonly number[];

export interface RollOptions {
  readonly dims?: Dims | null;
}

/** Elements moved by `shifts` along `dims`, those pushed out coming in at the other end; without dims, as one row. */
export function roll(x: Tensor, shifts: Dims, dims?: Dims | RollOptions | null): Tensor {
  checkTensor("roll", x);
  const given = isOptions<RollOptions>(dims) ? dims.dims : dims;
  const by = typeof shifts === "number" ? [shifts] : shifts;
  const along = given === undefined || given === null ? [] : typeof given === "number" ? [given] : given;
  for (const shift of by) checkInteger("roll", { shift });
  if (along.length === 0 && by.length === 1) return rolled(x.flatten(), by[0]!, 0).reshape(x.shape).asBase();
  if (along.length !== by.length || by.length === 0) {
    throw new ShapeError("roll", [x.shape], `${by.length} shifts for ${along.length} dimensions`);
  }
  return along.reduce((y, dim, i) => rolled(y, by[i]!, normalizeDim("roll", dim, x.ndim)), x);
}

function rolled(x: Tensor, shift: number, dim: number): Tensor {
  const size = x.shape[dim] ?? 1;
  const at = size === 0 ? 0 : ((shift % size) + size) % size;
  if (at === 0) return x.clone();
  return cat([x.narrow(dim, size - at, at), x.narrow(dim, 0, size - at)], dim);
}

export interface Rot90Options {
  /** Quarter turns, from the first dimension towards the second. Default 1. */
  readonly k?: number | null;
  /** Default [0, 1]. */
  readonly dims?: readonly number[] | null;
}

/** Turned by k quarters in the plane of two dimensions. */
export function rot90(x: Tensor, k?: number | Rot90Options | null, dims?: readonly number[] | null): Tensor {
  checkTensor("rot90", x);
  const options = isOptions<Rot90Options>(k) ? k : { k, dims };
  const [turns, plane] = [options.k ?? 1, options.dims ?? [0, 1]];
  checkInteger("rot90", { k: turns });
  checkList("rot90", plane);
  const [a, b] = plane.map((dim) => normalizeDim("rot90", dim, x.ndim)) as [number, number];
  if (plane.length !== 2 || a === b || x.ndim < 2) {
    throw new ShapeError("rot90", [x.shape], `dims must be two of its dimensions, got [${plane.join(", ")}]`);
  }
  switch (((turns % 4) + 4) % 4) {
    case 1:
      return x.flip([b]).transpose(a, b).asBase();
    case 2:
      return x.flip([a, b]);
    case 3:
      return x.flip([a]).transpose(a, b).asBase();
    default:
      return x.clone();
  }
}

/** As often as `dims` says along each dimension; where there are fewer of them, along the last dimensions. */
export function tile(x: Tensor, dims: readonly number[]): Tensor {
  checkTensor("tile", x);
  checkList("tile", dims);
  return x.repeat([...new Array<number>(Math.max(x.ndim - dims.length, 0)).fill(1), ...dims]);
}

export interface RepeatInterleaveOptions {
  /** Without it, x is flattened first. */
  readonly dim?: number | null;
  /** The sum of the repeats; checked, where it is given. */
  readonly outputSize?: number | null;
}

/**
 * Each element, or slice along `dim`, repeated right after itself: as often as the number says, or its entry in a list or
 * vector of repeats. Asynchronous for a tensor of repeats, which has to be read.
 */
export function repeatInterleave(
  x: Tensor,
  repeats: number | readonly number[],
  dim?: number | RepeatInterleaveOptions | null,
  options?: RepeatInterleaveOptions,
): Tensor;
export function repeatInterleave(
  x: Tensor,
  repeats: Tensor,
  dim?: number | RepeatInterleaveOptions | null,
  options?: RepeatInterleaveOptions,
): Promise<Tensor>;
export function repeatInterleave(
  x: Tensor,
  repeats: number | readonly number[] | Tensor,
  dim?: number | RepeatInterleaveOptions | null,
  options: RepeatInterleaveOptions = {},
): Tensor | Promise<Tensor> {
  checkTensor("repeatInterleave", x);
  const given = isOptions<RepeatInterleaveOptions>(dim) ? dim : { ...options, dim };
  const isFlat = given.dim === undefined || given.dim === null || x.ndim === 0;
  const along = isFlat ? x.flatten() : x;
  const at = isFlat ? 0 : normalizeDim("repeatInterleave", given.dim!, x.ndim);
  const repeated = (times: ArrayLike<number>): Tensor => interleaved(along, times, at, given.outputSize);
  if (isTensor(repeats)) return valuesOf(repeats).then(repeated);
  if (typeof repeats === "object") return repeated(repeats);
  checkWhole("repeatInterleave", { repeats });
  const { shape } = along;
  const apart = along.unsqueeze(at + 1).expand(shape.toSpliced(at + 1, 0, repeats));
  return apart
    .clone()
    .reshape(shape.with(at, shape[at]! * repeats))
    .asBase();
}

async function valuesOf(repeats: Tensor): Promise<ArrayLike<number>> {
  if (repeats.dtype === "int32" && repeats.ndim <= 1) return repeats.data();
  throw new DTypeError("repeatInterleave", `repeats must be an int32 vector or number, got ${repeats}`);
}

function interleaved(x: Tensor, times: ArrayLike<number>, dim: number, size: number | null | undefined): Tensor {
  const op = "repeatInterleave";
  const count = x.shape[dim]!;
  if (times.length !== 1 && times.length !== count) {
    const problem = `dimension ${dim} of ${count} needs ${count} repeats, or one, and got ${times.length}`;
    throw new ShapeError(op, [x.shape], problem);
  }
  checkWhole(op, { repeats: Array.from(times) });
  const index: number[] = [];
  for (let i = 0; i < count; i++) for (let k = times[times.length === 1 ? 0 : i]!; k > 0; k--) index.push(i);
  if (size !== undefined && size !== null && size !== index.length) {
    throw new ShapeError(op, [x.shape], `outputSize is ${size}, and the repeats add up to ${index.length}`);
  }
  return x.indexSelectAs(fromHost(Int32Array.from(index), [index.length], "int32"), { dim, op });
}

/** The elements along dimension 0 in ascending order. */
export function msort(x: Tensor): Tensor {
  checkTensor("msort", x);
  return x.sort(0).values;
}

/** narrow() in memory of its own. */
export function narrowCopy(x: Tensor, dim: number, start: number, length: number): Tensor {
  checkTensor("narrowCopy", x);
  return x.narrow(dim, start, length).clone();
}
