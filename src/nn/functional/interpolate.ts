// Resizing: the same picture with another number of elements.

import { checkChoice, checkTensor, checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError, ShapeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { assertFloat } from "../../ops/pointwise.js";
import type { Tensor } from "../../tensor/tensor.js";
import { meansOf } from "./adaptive-pool.js";
import { cubic } from "./cubic.js";
import { resample, type Samples, samplesOf } from "./resample.js";

export type InterpolateMode = "nearest" | "nearest-exact" | "linear" | "bilinear" | "trilinear" | "bicubic" | "area";

export interface InterpolateOptions {
  /** Of the result, without batch and channels. Either this or `scaleFactor`. */
  readonly size?: number | readonly number[] | null;
  /** The result is so many times as large, rounded down. */
  readonly scaleFactor?: number | readonly number[] | null;
  /** Default "nearest". */
  readonly mode?: InterpolateMode;
  /** Whether the centres of the corner elements stay in place rather than the corners of the picture. Default false. */
  readonly alignCorners?: boolean | null;
  /** Whether positions follow from the two sizes rather than from `scaleFactor`. Default false. */
  readonly recomputeScaleFactor?: boolean | null;
}

/** How many dimensions behind batch and channels a mode is for. */
const PLACES: Readonly<Record<InterpolateMode, readonly number[]>> = {
  nearest: [1, 2, 3],
  "nearest-exact": [1, 2, 3],
  linear: [1],
  bilinear: [2],
  trilinear: [3],
  bicubic: [2],
  area: [1, 2, 3],
};

/** x [N, C, ...] resized in its last one to three dimensions. Without antialiasing, but for "area", which averages. */
export function interpolate(x: Tensor, options: InterpolateOptions = {}): Tensor {
  return resized("interpolate", x, options);
}

/** interpolate with mode "nearest". */
export function upsampleNearest(x: Tensor, options: Pick<InterpolateOptions, "size" | "scaleFactor"> = {}): Tensor {
  return resized("upsampleNearest", x, { ...options, mode: "nearest" });
}

/** interpolate with mode "bilinear" and aligned corners. */
export function upsampleBilinear(x: Tensor, options: Pick<InterpolateOptions, "size" | "scaleFactor"> = {}): Tensor {
  return resized("upsampleBilinear", x, { ...options, mode: "bilinear", alignCorners: true });
}

function resized(op: string, x: Tensor, options: InterpolateOptions): Tensor {
  const known = ["size", "scaleFactor", "mode", "alignCorners", "recomputeScaleFactor"] as const;
  const { mode = "nearest", alignCorners, recomputeScaleFactor } = checkOptions(op, options, known);
  checkTensor(op, x);
  checkChoice(op, "mode", mode, Object.keys(PLACES));
  if (!PLACES[mode].includes(x.ndim - 2)) {
    const dimensions = PLACES[mode].map((n) => n + 2).join(", ");
    throw new ShapeError(op, [x.shape], `mode "${mode}" is for ${dimensions} dimensions, [N, C, ...]`);
  }
  const isNearest = mode === "nearest" || mode === "nearest-exact";
  if (alignCorners != null && (isNearest || mode === "area")) {
    throw new TapegradError(op, `alignCorners has no meaning with mode "${mode}"`);
  }
  if (!isNearest) assertFloat(op, "x", x);
  const { sizes, scales } = target(op, x, options);
  if (mode === "area") return meansOf(x, sizes);
  return sizes.reduce((y, count, d) => {
    const size = x.shape[2 + d]!;
    const scale = recomputeScaleFactor ? undefined : scales?.[d];
    if (size === count && !isNearest && mode !== "bicubic") return y; // as PyTorch does, whatever the scale
    const samples = isNearest
      ? nearest(size, count, scale, mode === "nearest-exact" ? 0.5 : 0)
      : taps(size, count, scale, alignCorners ?? false, mode === "bicubic");
    return isIdentity(samples, size) ? y : resample(y, 2 + d, samples);
  }, x);
}

function target(
  op: string,
  x: Tensor,
  { size, scaleFactor }: InterpolateOptions,
): { sizes: readonly number[]; scales: readonly number[] | undefined } {
  const places = x.shape.slice(2);
  if ((size == null) === (scaleFactor == null)) {
    throw new TapegradError(op, "takes either size or scaleFactor");
  }
  const given = [(size ?? scaleFactor) as number | readonly number[]].flat();
  if (given.length !== 1 && given.length !== places.length) {
    const problem = `takes one number or ${places.length} of them, got ${describe(given)}`;
    throw new ShapeError(op, [x.shape], problem);
  }
  const all = places.map((_, d) => given[given.length === 1 ? 0 : d]!);
  const sizes = size == null ? all.map((scale, d) => Math.floor(places[d]! * scale)) : all;
  checkWhole(op, { size: sizes }, 1);
  if (places.includes(0)) throw new OutOfRangeError(op, `cannot resize ${describe(places)}, which has no elements`);
  return { sizes, scales: size == null ? all : undefined };
}

/** The element whose place the result's corner, or centre, falls into; compared in float32 as in PyTorch. */
function nearest(size: number, count: number, scale: number | undefined, shift: number): Samples {
  const step = scale === undefined ? size / count : 1 / scale;
  const at = (i: number): number => Math.min(Math.floor(Math.fround((i + shift) * step)), size - 1);
  return { count, taps: 1, index: Int32Array.from({ length: count }, (_, i) => at(i)) };
}

/** Two neighbours, or four on a cubic curve. */
function taps(
  size: number,
  count: number,
  scale: number | undefined,
  alignCorners: boolean,
  isCubic: boolean,
): Samples {
  const step = alignCorners
    ? count > 1
      ? (size - 1) / (count - 1)
      : 0
    : scale === undefined
      ? size / count
      : 1 / scale;
  const inside = (i: number): number => Math.min(Math.max(i, 0), size - 1);
  return samplesOf(count, isCubic ? 4 : 2, (i, t) => {
    const place = alignCorners ? i * step : (i + 0.5) * step - 0.5;
    const at = isCubic ? place : Math.max(place, 0);
    const first = isCubic ? Math.floor(at) : inside(Math.floor(at));
    const beyond = isCubic ? at - first : Math.min(at - first, 1);
    if (!isCubic) return [inside(first + t), t === 0 ? 1 - beyond : beyond];
    const [c0, c1, c2, c3] = cubic[t]!;
    return [inside(first - 1 + t), ((c3 * beyond + c2) * beyond + c1) * beyond + c0];
  });
}

function isIdentity({ count, taps, index }: Samples, size: number): boolean {
  return taps === 1 && count === size && index.every((at, i) => at === i);
}
