// Views: other ways through a tensor's memory, without copying. Changes in place are seen through them.

import { checkList, checkTensor, checkWhole } from "../core/check.js";
import { formatShape, OutOfRangeError, ShapeError } from "../core/errors.js";
import type { Diagonal } from "../core/layout.js";
import { isOptions } from "../core/options.js";
import { inferShape, normalizeDim, type Shape } from "../core/shape.js";
import { unflatten as unflattenOp } from "../ops/reshape.js";
import { checkInteger } from "../tensor/shape-arguments.js";
import { apply, type Tensor } from "../tensor/tensor.js";

export interface DiagonalOptions {
  /** 0 (the default) is the main diagonal, positive ones lie above it. */
  readonly offset?: number | null;
  /** Default 0. */
  readonly dim1?: number | null;
  /** Default 1. */
  readonly dim2?: number | null;
}

/** A diagonal of two dimensions, as the last dimension: y[.., i] = x[.., i, .., i + offset, ..]. */
export function diagonal(
  x: Tensor,
  offset?: number | DiagonalOptions | null,
  dim1?: number | null,
  dim2?: number | null,
): Tensor {
  checkTensor("diagonal", x);
  return x.diagonalAs(diagonalOf("diagonal", x.shape, isOptions(offset) ? offset : { offset, dim1, dim2 }));
}

/** @internal The diagonal that options mean, of a tensor of `shape`. */
export function diagonalOf(
  op: string,
  shape: Shape,
  { offset, dim1, dim2 }: { readonly [Name in keyof DiagonalOptions]: number | null | undefined },
  [standard1, standard2]: readonly [number, number] = [0, 1],
): Diagonal {
  checkInteger(op, { offset: offset ?? 0 });
  const [a, b] = [dim1 ?? standard1, dim2 ?? standard2].map((dim) => normalizeDim(op, dim, shape.length)) as [
    number,
    number,
  ];
  if (a === b) throw new OutOfRangeError(op, `dim1 and dim2 are both dimension ${a} of shape ${formatShape(shape)}`);
  return { offset: offset ?? 0, dim1: a, dim2: b };
}

/** Dimensions `source` moved to the places `destination`; the others keep their order. */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  checkTensor("movedim", x);
  const [from, to] = [source, destination].map((dims) => {
    const list = (typeof dims === "number" ? [dims] : dims).map((dim) => normalizeDim("movedim", dim, x.ndim));
    if (new Set(list).size === list.length) return list;
    throw new OutOfRangeError("movedim", `dimensions [${list.join(", ")}] name one dimension twice`);
  }) as [number[], number[]];
  if (from.length !== to.length) {
    const problem = `${from.length} dimensions cannot move to ${to.length} places`;
    throw new ShapeError("movedim", [x.shape], problem);
  }
  const rest = x.shape.map((_, d) => d).filter((d) => !from.includes(d));
  return x.permute(x.shape.map((_, d) => (to.includes(d) ? from[to.indexOf(d)]! : rest.shift()!)));
}

export { movedim as moveaxis };

/** Two dimensions exchanged: transpose by another name. */
export function swapdims(x: Tensor, dim0: number, dim1: number): Tensor {
  return x.transpose(dim0, dim1);
}

export { swapdims as swapaxes };

/** All elements in one dimension: a view where strides allow, otherwise a copy. */
export function ravel(x: Tensor): Tensor {
  return x.flatten();
}

/** Dimension `dim` made several of `sizes`, where -1 stands for what is left. */
export function unflatten(x: Tensor, dim: number, sizes: Shape): Tensor {
  checkTensor("unflatten", x);
  checkList("unflatten", sizes);
  const at = normalizeDim("unflatten", dim, x.ndim);
  const parts = inferShape("unflatten", sizes, x.shape[at] ?? 1, x.shape);
  return apply(unflattenOp, [x], [...x.shape.slice(0, at), ...parts, ...x.shape.slice(at + 1)]);
}

/**
 * Windows of `size` elements along a dimension, `step` apart; the last dimension of the result runs through each. Where they
 * overlap, elements of the result share memory, and in-place changes of it are refused.
 */
export function unfold(x: Tensor, dimension: number, size: number, step: number): Tensor {
  checkTensor("unfold", x);
  const dim = normalizeDim("unfold", dimension, x.ndim);
  checkWhole("unfold", { size });
  checkWhole("unfold", { step }, 1);
  const length = x.shape[dim] ?? 1;
  if (size > length) {
    throw new ShapeError("unfold", [x.shape], `a window of ${size} does not fit into dimension ${dim} of ${length}`);
  }
  return x.ndim === 0 ? x.reshape([1]).narrow(0, 0, size) : x.windows({ dim, size, step });
}
