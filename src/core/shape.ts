// Shapes are plain readonly arrays of sizes, outermost dimension first; [] is a scalar.

import { formatShape, OutOfRangeError, ShapeError } from "./errors.js";

export type Shape = readonly number[];

/** Number of elements: the product of the sizes, 1 for a scalar. */
export function numel(shape: Shape): number {
  let n = 1;
  for (const size of shape) n *= size;
  return n;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, d) => size === b[d]);
}

/**
 * The shape two or more operands broadcast to: aligned at the last dimension, sizes are equal or one of them is 1.
 * @throws ShapeError naming the dimension and both sizes
 */
export function broadcastShapes(op: string, ...shapes: readonly Shape[]): Shape {
  return broadcastLeading(op, shapes, 0);
}

/** The same for the dimensions before the last `rest` of each shape. */
export function broadcastLeading(op: string, full: readonly Shape[], rest: number): Shape {
  const shapes = rest === 0 ? full : full.map((shape) => shape.slice(0, -rest));
  const first = shapes[0] ?? [];
  if (shapes.every((shape) => sameShape(shape, first))) return first;
  const rank = Math.max(...shapes.map((shape) => shape.length));
  const out = new Array<number>(rank).fill(1);
  for (const shape of shapes) {
    shape.forEach((size, i) => {
      const d = rank - shape.length + i;
      const other = out[d] ?? 1;
      if (size === other || size === 1) return;
      if (other !== 1) {
        throw new ShapeError(op, full, `dimension ${d - rank - rest} is ${other} vs ${size}, and neither is 1`);
      }
      out[d] = size;
    });
  }
  return out;
}

/** Whether `from` broadcasts to exactly `to`. */
export function broadcastsTo(from: Shape, to: Shape): boolean {
  if (from.length > to.length) return false;
  const lead = to.length - from.length;
  return from.every((size, i) => size === 1 || size === to[lead + i]);
}

/** A dimension counted from the front; negative ones count from the back. A scalar accepts 0 and -1, as in PyTorch. */
export function normalizeDim(op: string, dim: number, rank: number): number {
  const limit = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -limit || dim >= limit) {
    throw new OutOfRangeError(
      op,
      `dimension ${dim} is out of range for a tensor with ${rank} dimensions (expected ${-limit} to ${limit - 1})`,
    );
  }
  return dim < 0 ? dim + limit : dim;
}

/** Distinct dimensions, counted from the front and ascending. `undefined`, or an empty list, means all of them. */
export function normalizeDims(op: string, dim: number | readonly number[] | undefined, rank: number): number[] {
  if (dim === undefined || (typeof dim === "object" && dim.length === 0))
    return Array.from({ length: rank }, (_, d) => d);
  const dims = (typeof dim === "number" ? [dim] : dim).map((d) => normalizeDim(op, d, rank));
  if (new Set(dims).size !== dims.length) {
    throw new OutOfRangeError(op, `dimensions [${dims.join(", ")}] name one dimension twice`);
  }
  return rank === 0 ? [] : dims.sort((a, b) => a - b);
}

/** The shape with dimensions `dims` (ascending) removed, or kept with size 1. */
export function reduceShape(shape: Shape, dims: readonly number[], keepdim: boolean): Shape {
  return keepdim ? shape.map((size, d) => (dims.includes(d) ? 1 : size)) : shape.filter((_, d) => !dims.includes(d));
}

/** `shape` with its single -1 replaced by what makes it hold `count` elements. */
export function inferShape(op: string, shape: Shape, count: number, from: Shape): Shape {
  const holes = shape.filter((size) => size === -1).length;
  const known = numel(shape.filter((size) => size !== -1));
  const fits = holes === 0 ? known === count : holes === 1 && known > 0 && count % known === 0;
  if (!fits || shape.some((size) => size < -1 || !Number.isInteger(size))) {
    throw new ShapeError(op, [from], `${count} elements cannot take shape ${formatShape(shape)}`);
  }
  return holes === 0 ? shape : shape.map((size) => (size === -1 ? count / known : size));
}
