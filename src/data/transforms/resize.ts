// Images of another size.

import { describe } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { type Image, type Parts, partsOf, roundedTo, type Size } from "./image.js";
import { select } from "./pad.js";
import { Transform } from "./transform.js";

/** How pixels between pixels are made: a copy of the nearest one, or a weighted mean of the four around. */
export type Interpolation = "nearest" | "bilinear";

export interface ResizeOptions {
  /** Default "bilinear". */
  readonly interpolation?: Interpolation;
  /** The most that the longer side may have if `size` is that of the shorter one. */
  readonly maxSize?: number;
  /** When an image gets smaller, bilinear takes all pixels that fall together, and not four of them. Default false. */
  readonly antialias?: boolean;
}

/** For each pixel along a side of the result: the first pixel it is made of, how many, and their weights. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  /** `most` for each pixel. */
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * An image of another size, with pixel centres at halves (PyTorch's `interpolate` without `alignCorners`).
 *
 * @param size - [height, width], or the length of the shorter side, which keeps the ratio
 * @throws TapegradError for another size or interpolation, or `antialias` with nearest; OutOfRangeError if `maxSize` is
 *   not above `size`
 */
export function resize(image: Image, size: Size, options: ResizeOptions = {}): Image {
  const { interpolation = "bilinear", maxSize, antialias = false } = options;
  const parts = partsOf("resize", image);
  checkInterpolation("resize", interpolation);
  if (antialias && interpolation === "nearest") {
    throw new TapegradError("resize", "antialias is for bilinear interpolation, not for nearest");
  }
  const [height, width] = outputSize(parts, size, maxSize);
  if (height === parts.height && width === parts.width) return image;
  if (interpolation === "nearest") return select(parts, nearest(parts.height, height), nearest(parts.width, width));
  const taps = antialias ? triangle : bilinear;
  return separable(parts, taps(parts.height, height), taps(parts.width, width));
}

/** @internal Throws unless there is such an interpolation. */
export function checkInterpolation(op: string, interpolation: unknown): void {
  if (interpolation === "nearest" || interpolation === "bilinear") return;
  throw new TapegradError(op, `interpolation must be "nearest" or "bilinear", got ${describe(interpolation)}`);
}

function outputSize(parts: Parts, size: Size, maxSize: number | undefined): readonly [height: number, width: number] {
  const list = (typeof size === "number" ? [size] : size) as readonly number[];
  const [first, second, ...more] = list;
  if (first === undefined || more.length > 0 || !list.every((n) => Number.isInteger(n) && n > 0)) {
    const wanted = "size must be that of the shorter side, or [height, width], in whole pixels from 1 on";
    throw new TapegradError("resize", `${wanted}, got ${describe(size)}`);
  }
  if (second !== undefined) {
    if (maxSize === undefined) return [first, second];
    throw new TapegradError("resize", "maxSize is for a size that is one number, the length of the shorter side");
  }
  const { height, width } = parts;
  let short = first;
  let long = Math.floor((first * Math.max(height, width)) / Math.min(height, width));
  if (maxSize !== undefined) {
    if (!(maxSize > first)) throw new OutOfRangeError("resize", `maxSize ${maxSize} must be above size ${first}`);
    if (long > maxSize) [short, long] = [Math.floor((maxSize * short) / long), maxSize];
  }
  return width <= height ? [long, short] : [short, long];
}

function nearest(from: number, to: number): Int32Array {
  const scale = Math.fround(from / to);
  return Int32Array.from({ length: to }, (_, i) => Math.min(Math.floor(Math.fround(i * scale)), from - 1));
}

function bilinear(from: number, to: number): Taps {
  const scale = Math.fround(from / to);
  const taps = { first: new Int32Array(to), count: new Int32Array(to), weights: new Float32Array(2 * to), most: 2 };
  for (let i = 0; i < to; i++) {
    const source = Math.max(Math.fround(Math.fround(scale * (i + 0.5)) - 0.5), 0);
    const first = Math.min(Math.floor(source), from - 1);
    const weight = Math.fround(source - first);
    taps.first[i] = first;
    taps.count[i] = first + 1 < from ? 2 : 1;
    taps.weights[2 * i] = taps.count[i] === 2 ? 1 - weight : 1;
    taps.weights[2 * i + 1] = weight;
  }
  return taps;
}

/** A triangle as wide as two pixels of the result: antialiasing's filter. */
function triangle(from: number, to: number): Taps {
  const scale = Math.fround(from / to);
  const support = Math.max(scale, 1);
  const most = 2 * Math.ceil(support) + 1;
  const weights = new Float32Array(most * to);
  const taps = { first: new Int32Array(to), count: new Int32Array(to), weights, most };
  for (let i = 0; i < to; i++) {
    const centre = scale * (i + 0.5);
    const first = Math.max(Math.trunc(centre - support + 0.5), 0);
    const count = Math.min(Math.trunc(centre + support + 0.5), from) - first;
    const row = weights.subarray(most * i, most * i + count);
    let total = 0;
    for (let j = 0; j < count; j++) {
      row[j] = Math.max(1 - Math.abs((j + first - centre + 0.5) / support), 0);
      total += row[j]!;
    }
    for (let j = 0; j < count; j++) row[j]! /= total;
    taps.first[i] = first;
    taps.count[i] = count;
  }
  return taps;
}

/** Weighted means along rows, then along columns. */
function separable({ data, channels, height, width, dtype }: Parts, vertical: Taps, horizontal: Taps): Image {
  const [rows, columns] = [vertical.first.length, horizontal.first.length];
  const between = new Float32Array(channels * height * columns); // [C, height, columns]
  for (let row = 0; row < channels * height; row++) {
    for (let x = 0; x < columns; x++) {
      const from = row * width + horizontal.first[x]!;
      let sum = 0;
      for (let j = 0; j < horizontal.count[x]!; j++)
        sum += horizontal.weights[x * horizontal.most + j]! * data[from + j]!;
      between[row * columns + x] = sum;
    }
  }
  const out = new Float32Array(channels * rows * columns); // [C, rows, columns]
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < rows; y++) {
      const from = (c * height + vertical.first[y]!) * columns;
      const to = (c * rows + y) * columns;
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let j = 0; j < vertical.count[y]!; j++) {
          sum += vertical.weights[y * vertical.most + j]! * between[from + j * columns + x]!;
        }
        out[to + x] = sum;
      }
    }
  }
  return roundedTo(dtype, out, channels, rows, columns);
}

/** An image of another size: see {@link resize}. */
export class Resize extends Transform {
  constructor(
    readonly size: Size,
    readonly options: ResizeOptions = {},
  ) {
    super();
    checkInterpolation("Resize", options.interpolation ?? "bilinear");
  }

  forward(image: Image): Image {
    return resize(image, this.size, this.options);
  }
}
