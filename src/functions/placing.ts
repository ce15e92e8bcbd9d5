// A tensor in a part of another one, or of zeros. The results are copies.

import { checkList, checkTensor, describe } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { isOptions, type Optional, optional } from "../core/options.js";
import { normalizeDim, type Shape, sameShape } from "../core/shape.js";
import { constantPad } from "../ops/pad.js";
import type { SliceAttributes } from "../ops/shape.js";
import { selected } from "../tensor/arguments.js";
import { onesLike } from "../tensor/create.js";
import { rangeOf } from "../tensor/index-values.js";
import { checkInteger } from "../tensor/shape-arguments.js";
import { apply, type Tensor } from "../tensor/tensor.js";
import { type DiagonalOptions, diagonalOf } from "./views.js";

/**
 * The last dimension on a diagonal of two new ones: y[.., i, i + offset] = x[.., i], zeros elsewhere. dim1 and dim2 are
 * places in the result, by default the last two.
 */
export function diagEmbed(
  x: Tensor,
  offset?: number | DiagonalOptions | null,
  dim1?: number | null,
  dim2?: number | null,
): Tensor {
  checkTensor("diagEmbed", x);
  if (x.ndim === 0) throw new ShapeError("diagEmbed", [x.shape], "needs a dimension", "unsqueeze(0) adds one");
  const batch = [...x.shape.slice(0, -1), 1, 1];
  const which = diagonalOf("diagEmbed", batch, isOptions(offset) ? offset : { offset, dim1, dim2 }, [-2, -1]);
  const size = x.shape.at(-1)! + Math.abs(which.offset);
  const sizes = batch.slice(0, -2);
  const shape = batch.map((_, d) => (d === which.dim1 || d === which.dim2 ? size : sizes.shift()!));
  return x.diagonalInto(shape, which);
}

/** All elements, as one row, on a diagonal of a matrix of zeros. */
export function diagflat(x: Tensor, offset?: Optional<"offset", number>): Tensor {
  checkTensor("diagflat", x);
  return x.flatten().diag(optional(offset, "offset", 0));
}

/** x with src on a diagonal of two of its dimensions: what diagonal() takes, put back. */
export function diagonalScatter(
  x: Tensor,
  src: Tensor,
  offset?: number | DiagonalOptions | null,
  dim1?: number | null,
  dim2?: number | null,
): Tensor {
  checkTensor("diagonalScatter", x);
  const options = isOptions<DiagonalOptions>(offset) ? offset : { offset, dim1, dim2 };
  const which = diagonalOf("diagonalScatter", x.shape, options);
  return put("diagonalScatter", x, src, x.diagonalAs(which).shape, (part) => part.diagonalInto(x.shape, which));
}

export interface SliceScatterOptions {
  /** Default 0. */
  readonly dim?: number | null;
  /** Default: the first element. */
  readonly start?: number | null;
  /** Default: past the last element. */
  readonly end?: number | null;
  /** Default 1. */
  readonly step?: number | null;
}

/** x with src in place of the slice start:end:step along a dimension. */
export function sliceScatter(
  x: Tensor,
  src: Tensor,
  dim?: number | SliceScatterOptions | null,
  start?: number | null,
  end?: number | null,
  step?: number | null,
): Tensor {
  checkTensor("sliceScatter", x);
  const options = isOptions<SliceScatterOptions>(dim) ? dim : { dim, start, end, step };
  const at = normalizeDim("sliceScatter", options.dim ?? 0, x.ndim);
  const range = rangeOf("sliceScatter", x.shape[at] ?? 1, {
    start: options.start ?? null,
    stop: options.end ?? null,
    step: options.step ?? 1,
  });
  return putSlice("sliceScatter", x, src, { ...range, dim: at });
}

/** x with src in place of the slice that select(dim, index) takes. */
export function selectScatter(x: Tensor, src: Tensor, dim: number, index: number): Tensor {
  checkTensor("selectScatter", x);
  checkTensor("selectScatter", src);
  const at = normalizeDim("selectScatter", dim, x.ndim);
  const slice = selected(x.shape, at, index, "selectScatter");
  const shape = x.shape.toSpliced(at, 1);
  return put("selectScatter", x, src, shape, (part) => part.unsqueeze(at).sliceInto(x.shape, slice));
}

function putSlice(op: string, x: Tensor, src: Tensor, slice: SliceAttributes): Tensor {
  return put(op, x, src, x.shape.with(slice.dim, slice.length), (part) => part.sliceInto(x.shape, slice));
}

/** x, and src where `place` puts something of its shape. */
function put(op: string, x: Tensor, src: Tensor, shape: Shape, place: (part: Tensor) => Tensor): Tensor {
  checkTensor(op, src);
  if (!sameShape(src.shape, shape)) {
    throw new ShapeError(
      op,
      [x.shape, src.shape],
      `src must have the shape of what it replaces, [${shape.join(", ")}]`,
    );
  }
  const part = src.to(x.dtype);
  return place(part).where(place(onesLike(part, { dtype: "bool" })), x);
}

/**
 * x in the middle of a constant. The numbers of `pad` are those before and after, from the last dimension on; negative
 * ones cut off.
 */
export function constantPadNd(x: Tensor, pad: readonly number[], value?: Optional<"value", number | boolean>): Tensor {
  checkTensor("constantPadNd", x);
  checkList("constantPadNd", pad);
  for (const count of pad) checkInteger("constantPadNd", { pad: count });
  if (pad.length % 2 !== 0 || pad.length > 2 * x.ndim) {
    const problem = `pad must be two numbers for each of at most ${x.ndim} dimensions, got ${describe(pad)}`;
    throw new ShapeError("constantPadNd", [x.shape], problem);
  }
  const sides = [0, 1].map((side) => x.shape.map((_, d) => pad[2 * (x.ndim - 1 - d) + side] ?? 0));
  const [before, after] = sides.map((counts) => counts.map((count) => Math.max(count, 0))) as [number[], number[]];
  const cut = x.shape.reduce((part, size, d) => {
    const [first, last] = sides.map((counts) => Math.max(-counts[d]!, 0)) as [number, number];
    if (first + last <= size) return first + last === 0 ? part : part.narrow(d, first, size - first - last);
    throw new ShapeError("constantPadNd", [x.shape], `dimension ${d} is smaller than what is to be cut off`);
  }, x);
  return apply(constantPad, [cut], { before, after, value: Number(optional(value, "value", 0)) });
}
