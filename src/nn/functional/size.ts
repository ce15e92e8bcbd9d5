// Sizes of windows and steps in two dimensions.

import { checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import type { Pair } from "../../kernels/conv2d.js";

/** One number for both directions, or [height, width]. */
export type Size2d = number | Pair;

/** Both directions of an argument, which must be whole numbers from `least` on. */
export function pair(op: string, name: string, size: Size2d, least = 1): Pair {
  checkWhole(op, { [name]: size }, least);
  if (typeof size === "number") return [size, size];
  if (size.length === 2) return size;
  throw new OutOfRangeError(op, `${name} must be a number or [height, width], got ${describe(size)}`);
}

/** How a window moves, checked. */
export function steps(
  op: string,
  { stride = 1, padding = 0, dilation = 1 }: { stride?: Size2d; padding?: Size2d; dilation?: Size2d },
): { stride: Pair; padding: Pair; dilation: Pair } {
  return {
    stride: pair(op, "stride", stride),
    padding: pair(op, "padding", padding, 0),
    dilation: pair(op, "dilation", dilation),
  };
}
