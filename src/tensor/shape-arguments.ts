// Arguments of methods that change shape: dimensions counted from the front, sizes checked.

import { checkList, checkShape, checkTensor, describe } from "../core/check.js";
import { formatShape, OutOfRangeError, ShapeError } from "../core/errors.js";
import { isOptions, type Optional, optional } from "../core/options.js";
import { broadcastsTo, normalizeDim, normalizeDims, numel, type Shape } from "../core/shape.js";
import type { Tensor } from "./tensor.js";

export function permutation(shape: Shape, dims: readonly number[]): number[] {
  checkList("permute", dims, "...");
  const order = dims.map((dim) => normalizeDim("permute", dim, shape.length));
  if (order.length === shape.length && new Set(order).size === shape.length) return order;
  throw new ShapeError(
    "permute",
    [shape],
    `dimensions [${dims.join(", ")}] must name each of its ${shape.length} once`,
  );
}

/** The target of expand, where -1 keeps a dimension's size. */
export function expanded(shape: Shape, target: Shape, op = "expand"): Shape {
  checkList(op, target, "...");
  const lead = target.length - shape.length;
  const full = target.map((size, d) => {
    if (size !== -1) return size;
    if (d >= lead) return shape[d - lead]!;
    const problem = `-1 keeps the size of a dimension, and dimension ${d} of ${formatShape(target)} is new`;
    throw new ShapeError(op, [shape], problem);
  });
  checkShape(op, full);
  if (broadcastsTo(shape, full)) return full;
  throw new ShapeError(op, [shape], `only dimensions of size 1 can grow, and ${formatShape(full)} asks for more`);
}

/** The shape with dimensions start .. end merged into one. */
export function flattened(shape: Shape, start: number, end: number): Shape {
  if (start > end) throw new ShapeError("flatten", [shape], `startDim ${start} comes after endDim ${end}`);
  return [...shape.slice(0, start), numel(shape.slice(start, end + 1)), ...shape.slice(end + 1)];
}

/** The dimensions to flatten, by position or in options; all of them if nothing is said. */
export function flattenDims(
  start: number | FlattenOptions | null | undefined,
  end: number | null | undefined,
): readonly [startDim: number, endDim: number] {
  const { startDim, endDim } = isOptions<FlattenOptions>(start) ? start : { startDim: start, endDim: end };
  return [startDim ?? 0, endDim ?? -1];
}

export interface FlattenOptions {
  /** Default 0. */
  readonly startDim?: number | null;
  /** Default -1. */
  readonly endDim?: number | null;
}

/** Throws unless there are two dimensions for a matrix, at least. */
export function checkMatrices(op: string, { shape }: { readonly shape: Shape }, fix?: string): void {
  if (shape.length < 2) throw new ShapeError(op, [shape], "takes a matrix, or a batch of them", fix);
}

/** Throws unless the number is whole; it may be negative. */
export function checkInteger(op: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (Number.isSafeInteger(value)) continue;
    throw new OutOfRangeError(op, `${name} must be a whole number, got ${describe(value)}`);
  }
}

/** The dimensions to flip; there may be none. */
export function flipped(shape: Shape, dims: number | readonly number[]): number[] {
  const list = typeof dims === "number" ? [dims] : dims;
  checkList("flip", list);
  return list.length === 0 || shape.length === 0 ? [] : normalizeDims("flip", list, shape.length);
}

/** The diagonal that tril and triu end at. */
export function triangle(op: string, shape: Shape, diagonal: Optional<"diagonal", number> | undefined): number {
  checkMatrices(op, { shape });
  const offset = optional(diagonal, "diagonal", 0);
  checkInteger(op, { diagonal: offset });
  return offset;
}

/** The shape of a tensor given as an example. */
export function shapeOf(op: string, other: Tensor): Shape {
  checkTensor(op, other);
  return other.shape;
}

/** The dimensions that a sum to shape `to` takes away, or shrinks to 1. */
export function summedDims(shape: Shape, to: Shape): number[] {
  const lead = shape.length - to.length;
  if (!broadcastsTo(to, shape)) {
    throw new ShapeError("sumToSize", [shape], `${formatShape(to)} does not broadcast to it`);
  }
  return shape.map((_, d) => d).filter((d) => d < lead || (to[d - lead] === 1 && shape[d] !== 1));
}

/** The sizes someone gave one by one, or as one list. */
export function sizesOf(op: string, given: readonly (number | Shape)[]): Shape {
  const sizes = given.length === 1 && typeof given[0] === "object" ? given[0] : (given as Shape);
  checkShape(op, sizes);
  return sizes;
}
