// Sizes of windows and steps in one, two or three dimensions.

import { checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import type { Pair } from "../../kernels/conv2d.js";

/** One number for all directions, or one for each. */
export type Size = number | readonly number[];

/** One number for both directions, or [height, width]. */
export type Size2d = number | readonly [number] | Pair;

const DIRECTIONS = ["[length]", "[height, width]", "[depth, height, width]"];

/** All `count` directions of an argument, which must be whole numbers from `least` on. */
export function sizes(op: string, name: string, size: Size, count: number, least = 1): readonly number[] {
  checkWhole(op, { [name]: size }, least);
  if (typeof size === "number" || size.length === 1) return new Array<number>(count).fill([size].flat()[0]!);
  if (size.length === count) return size;
  throw new OutOfRangeError(op, `${name} must be a number or ${DIRECTIONS[count - 1]}, got ${describe(size)}`);
}

/** Both directions of an argument. */
export function pair(op: string, name: string, size: Size, least = 1): Pair {
  return plane(sizes(op, name, size, 2, least));
}

/** The last two directions; of one, that one across rows of height `above`. */
export function plane(size: readonly number[], above = 1): Pair {
  return [size.at(-2) ?? above, size.at(-1)!];
}

export interface Steps {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

/** How a window moves in `count` directions, checked. */
export function steps(
  op: string,
  count: number,
  { stride, padding, dilation }: { stride?: Size | null; padding?: Size | null; dilation?: Size | null },
): Steps {
  return {
    stride: sizes(op, "stride", stride ?? 1, count),
    padding: sizes(op, "padding", padding ?? 0, count, 0),
    dilation: sizes(op, "dilation", dilation ?? 1, count),
  };
}

/** The same in the plane: a row is a plane of height 1, depth is left out. */
export function planeSteps({ stride, padding, dilation }: Steps): { stride: Pair; padding: Pair; dilation: Pair } {
  return { stride: plane(stride), padding: plane(padding, 0), dilation: plane(dilation) };
}
