// Arguments of methods turned into attributes of ops: dimensions counted from the front, ranges checked.

import { checkDType, checkWhole } from "../core/check.js";
import { DeviceError, formatShape, OutOfRangeError, ShapeError } from "../core/errors.js";
import { normalizeDim, type Shape } from "../core/shape.js";
import type { SliceAttributes } from "../ops/shape.js";

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

export function selected(shape: Shape, dim: number, index: number, op = "select"): SliceAttributes {
  const size = shape[dim] ?? 0;
  const at = index < 0 ? index + size : index;
  if (!Number.isInteger(index) || at < 0 || at >= size) {
    throw new OutOfRangeError(
      op,
      `index ${index} is out of range for dimension ${dim} of shape ${formatShape(shape)}; valid are ${-size} to ${size - 1}`,
    );
  }
  return { dim, start: at, length: 1, step: 1 };
}

/** Consecutive slices of `size` elements, or of the sizes given. */
export function pieces(shape: Shape, size: number | readonly number[], dim: number): SliceAttributes[] {
  const total = shape[dim]!;
  if (typeof size === "object") checkWhole("split", { sizes: size });
  else checkWhole("split", { size }, total === 0 ? 0 : 1);
  const count = typeof size === "number" && total > 0 ? Math.ceil(total / size) : 1;
  const sizes =
    typeof size === "number" ? Array.from({ length: count }, (_, i) => Math.min(size, total - i * size)) : size;
  if (sizes.reduce((a, b) => a + b, 0) !== total) {
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

/** Pieces for chunk: as many as asked for, or fewer, all of one size but the last. */
export function chunks(shape: Shape, count: number, dim: number): SliceAttributes[] {
  checkWhole("chunk", { chunks: count }, 1);
  const size = shape[dim]!;
  return pieces(shape, size === 0 ? new Array<number>(count).fill(0) : Math.ceil(size / count), dim);
}

/** Throws for tensors without dimensions, which cannot be cut. */
export function cutDim(op: string, shape: Shape, dim: number): number {
  if (shape.length === 0) throw new ShapeError(op, [shape], "there is no dimension to cut", "unsqueeze(0) adds one");
  return normalizeDim(op, dim, shape.length);
}

/** Throws unless to() can go there. */
export function checkTarget(target: unknown): void {
  if (typeof target === "string" && /^(cpu|cuda|gpu|mps|webgpu)/.test(target)) {
    const problem = `there is no device "${target}": tensors stay on the GPU, and await x.data() reads them`;
    throw new DeviceError("to", problem);
  }
  checkDType("to", target);
}
