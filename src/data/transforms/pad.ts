// Images with a margin.

import { checkChoice, describe } from "../../core/check.js";
import { OutOfRangeError, ShapeError, TapegradError } from "../../core/errors.js";
import { allocate, type Image, imageOf, type Parts, partsOf } from "./image.js";
import { Transform } from "./transform.js";

/** Margins in pixels: all four, left and right with top and bottom, or left, top, right, bottom. Negative ones crop. */
export type Padding =
  | number
  | readonly [all: number]
  | readonly [horizontal: number, vertical: number]
  | readonly [left: number, top: number, right: number, bottom: number];

/** What fills a margin: a number, the nearest pixel, or the mirrored image, without its edge or with it. */
export type PaddingMode = "constant" | "edge" | "reflect" | "symmetric";

const MODES = ["constant", "edge", "reflect", "symmetric"] satisfies PaddingMode[];

export interface PadOptions {
  /** The number for `constant`. Default 0. */
  readonly fill?: number;
  /** Default "constant". */
  readonly paddingMode?: PaddingMode;
}

/**
 * An image with margins. Of [1, 2, 3, 4], two pixels on both sides make
 *
 *     constant   [0, 0, 1, 2, 3, 4, 0, 0]      reflect    [3, 2, 1, 2, 3, 4, 3, 2]
 *     edge       [1, 1, 1, 2, 3, 4, 4, 4]      symmetric  [2, 1, 1, 2, 3, 4, 4, 3]
 *
 * @throws ShapeError if the image is too small to be mirrored, or nothing is left of it; TapegradError for another mode
 *   or other margins; OutOfRangeError if `fill` is no byte and the image uint8
 */
export function pad(image: Image, padding: Padding, { fill = 0, paddingMode = "constant" }: PadOptions = {}): Image {
  const parts = partsOf("pad", image);
  const [left, top, right, bottom] = marginsOf(padding);
  checkChoice("pad", "paddingMode", paddingMode, MODES);
  if (paddingMode === "constant") checkFill("pad", fill, parts);
  const columns = sources(image, "width", parts.width, left, right, paddingMode);
  const rows = sources(image, "height", parts.height, top, bottom, paddingMode);
  return select(parts, rows, columns, fill);
}

/** @internal The pixels at the crossings of rows and columns; -1 is outside. */
export function select(parts: Parts, rows: Int32Array, columns: Int32Array, fill = 0): Image {
  const { data, channels, height, width, dtype } = parts;
  const out = allocate(dtype, channels * rows.length * columns.length);
  let at = 0;
  for (let c = 0; c < channels; c++) {
    for (const y of rows) {
      const start = (c * height + y) * width;
      for (const x of columns) out[at++] = y < 0 || x < 0 ? fill : data[start + x]!;
    }
  }
  return imageOf(out, channels, rows.length, columns.length);
}

/** @internal Throws unless the number fits into the image. */
function checkFill(op: string, fill: number, { dtype }: Parts): void {
  if (typeof fill === "number" && (dtype !== "uint8" || (fill >= 0 && fill <= 255))) return;
  throw new OutOfRangeError(
    op,
    `fill must be a number${dtype === "uint8" ? " from 0 to 255" : ""}, got ${describe(fill)}`,
  );
}

/** For each pixel along one side of the result, where it comes from. */
function sources(
  image: Image,
  side: string,
  size: number,
  before: number,
  after: number,
  mode: PaddingMode,
): Int32Array {
  const length = size + before + after;
  if (length < 1)
    throw new ShapeError("pad", [image.shape], `margins ${before} and ${after} leave nothing of its ${side}`);
  const least = mode === "reflect" ? Math.max(before, after) + 1 : mode === "symmetric" ? Math.max(before, after) : 1;
  if (size < least) {
    const problem = `its ${side} ${size} is too small to be mirrored into margins of ${before} and ${after}`;
    throw new ShapeError("pad", [image.shape], `${problem}: ${mode} needs ${least}`);
  }
  return Int32Array.from({ length }, (_, i) => sourceOf(i - before, size, mode));
}

function sourceOf(i: number, size: number, mode: PaddingMode): number {
  if (i >= 0 && i < size) return i;
  switch (mode) {
    case "constant":
      return -1;
    case "edge":
      return i < 0 ? 0 : size - 1;
    case "reflect":
      return i < 0 ? -i : 2 * size - 2 - i;
    case "symmetric":
      return i < 0 ? -i - 1 : 2 * size - 1 - i;
    default:
      return mode satisfies never;
  }
}

function marginsOf(padding: Padding): readonly [left: number, top: number, right: number, bottom: number] {
  const list: readonly number[] = typeof padding === "number" ? [padding] : padding;
  if (!Array.isArray(list) || ![1, 2, 4].includes(list.length) || !list.every(Number.isInteger)) {
    throw new TapegradError("pad", `padding must be 1, 2 or 4 whole numbers, got ${describe(padding)}`);
  }
  const [left, top = left, right = left, bottom = top] = list as [number, number?, number?, number?];
  return [left, top, right, bottom];
}

/** Margins around an image: see {@link pad}. */
export class Pad extends Transform {
  constructor(
    readonly padding: Padding,
    readonly options: PadOptions = {},
  ) {
    super();
    marginsOf(padding);
    checkChoice("Pad", "paddingMode", options.paddingMode ?? "constant", MODES);
  }

  forward(image: Image): Image {
    return pad(image, this.padding, this.options);
  }
}
