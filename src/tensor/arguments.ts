// Arguments of methods turned into attributes of ops: dimensions counted from the front, ranges checked.

import { formatShape, OutOfRangeError, ShapeError } from "../core/errors.js";
import { normalizeDim, type Shape } from "../core/shape.js";
import type { SliceAttributes } from "../ops/shape.js";

export function permutation(shape: Shape, dims: readonly number[]): number[] {
  const order = dims.map((dim) => normalizeDim("permute", dim, shape.length));
  if (order.length === shape.length && new Set(order).size === shape.length) return order;
  throw new ShapeError(
    "permute",
    [shape],
    `dimensions [${dims.join(", ")}] must name each of its ${shape.length} once`,
  );
}

/** The target of expand, where -1 keeps a dimension's size. */
export function expanded(shape: Shape, target: Shape): Shape {
  const lead = target.length - shape.length;
  return target.map((size, d) => (size === -1 && d >= lead ? shape[d - lead]! : size));
}

export function narrowed(shape: Shape, dim: number, start: number, length: number): SliceAttributes {
  const size = shape[dim]!;
  const from = start < 0 ? start + size : start;
  if (from < 0 || length < 0 || from + length > size || !Number.isInteger(from + length)) {
    throw new OutOfRangeError(
      "narrow",
      `${length} elements from ${start} on do not lie in dimension ${dim} of shape ${formatShape(shape)}`,
    );
  }
  return { dim, start: from, length, step: 1 };
}

export function selected(shape: Shape, dim: number, index: number): SliceAttributes {
  const size = shape[dim] ?? 0;
  const at = index < 0 ? index + size : index;
  if (!Number.isInteger(index) || at < 0 || at >= size) {
    throw new OutOfRangeError(
      "select",
      `index ${index} is out of range for dimension ${dim} of shape ${formatShape(shape)}; valid are ${-size} to ${size - 1}`,
    );
  }
  return { dim, start: at, length: 1, step: 1 };
}

/** Consecutive slices of `size` elements, or of the sizes given. */
export function pieces(shape: Shape, size: number | readonly number[], dim: number): SliceAttributes[] {
  const total = shape[dim]!;
  const sizes =
    typeof size === "number"
      ? Array.from({ length: Math.ceil(total / size) }, (_, i) => Math.min(size, total - i * size))
      : size;
  if (sizes.reduce((a, b) => a + b, 0) !== total || sizes.some((n) => n < 0)) {
    throw new ShapeError(
      "split",
      [shape],
      `sizes [${sizes.join(", ")}] do not add up to ${total}, the size of dimension ${dim}`,
    );
  }
  let start = 0;
  return sizes.map((length) => {
    start += length;
    return { dim, start: start - length, length, step: 1 };
  });
}
