// Sizes of windows and steps in two dimensions.

import type { Pair } from "../../kernels/conv2d.js";

/** One number for both directions, or [height, width]. */
export type Size2d = number | Pair;

export function pair(size: Size2d): Pair {
  return typeof size === "number" ? [size, size] : size;
}
