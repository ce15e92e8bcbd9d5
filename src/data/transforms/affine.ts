// Images turned, moved, scaled and sheared.

import { describe } from "../../core/check.js";
import { OutOfRangeError, ShapeError, TapegradError } from "../../core/errors.js";
import { type Image, type Parts, partsOf, roundedTo, roundHalfToEven } from "./image.js";
import { checkInterpolation, type Interpolation } from "./resize.js";

export interface AffineOptions {
  /** Default "nearest". */
  readonly interpolation?: Interpolation;
  /** What is outside of the image: one number, or one for each channel. */
  readonly fill?: number | readonly number[];
  /** The point that stays where it is, [x, y] from the upper left corner. Default: the middle. */
  readonly center?: readonly [x: number, y: number];
}

export interface RotateOptions extends AffineOptions {
  /** Makes the result large enough for the whole turned image. Default false. */
  readonly expand?: boolean;
}

/** Where a pixel of the result comes from: x' = a x + b y + c and y' = d x + e y + f, from the middle of the image. */
type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/**
 * An image turned clockwise, sheared and scaled about `center`, then moved.
 *
 * @param angle - in degrees
 * @param translate - in pixels, to the right and down
 * @param shear - in degrees, along x and along y
 * @throws OutOfRangeError if the scale is not positive; ShapeError for another number of fills than channels
 */
export function affine(
  image: Image,
  angle: number,
  translate: readonly [x: number, y: number],
  scale: number,
  shear: number | readonly [x: number, y: number],
  options: AffineOptions = {},
): Image {
  const parts = partsOf("affine", image);
  if (!(scale > 0)) throw new OutOfRangeError("affine", `scale must be positive, got ${scale}`);
  const shears = typeof shear === "number" ? ([shear, 0] as const) : shear;
  const matrix = inverse(centerOf("affine", parts, options.center), angle, translate, scale, shears);
  return sample("affine", image, parts, matrix, parts.height, parts.width, options);
}

/**
 * An image turned counter-clockwise about `center`.
 *
 * @param angle - in degrees
 * @throws ShapeError for another number of fills than channels
 */
export function rotate(image: Image, angle: number, { expand = false, ...options }: RotateOptions = {}): Image {
  const parts = partsOf("rotate", image);
  const matrix = inverse(centerOf("rotate", parts, options.center), -angle, [0, 0], 1, [0, 0]);
  const [height, width] = expand ? wholeSize(matrix, parts) : [parts.height, parts.width];
  return sample("rotate", image, parts, matrix, height, width, options);
}

/** The centre, from the middle of the image. */
function centerOf(op: string, { height, width }: Parts, center: AffineOptions["center"]): readonly [number, number] {
  if (center === undefined) return [0, 0];
  if (!Array.isArray(center) || center.length !== 2) {
    throw new TapegradError(op, `center must be [x, y], got ${describe(center)}`);
  }
  return [center[0] - width / 2, center[1] - height / 2];
}

/** The inverse of: move to the centre, shear, turn, scale, move back and by `translate`. */
function inverse(
  [cx, cy]: readonly [number, number],
  angle: number,
  [tx, ty]: readonly [number, number],
  scale: number,
  shear: readonly [number, number],
): Matrix {
  const [turn, sx, sy] = [angle, ...shear].map((degrees) => (degrees * Math.PI) / 180) as [number, number, number];
  const a = Math.cos(turn - sy) / Math.cos(sy);
  const b = (-Math.cos(turn - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(turn);
  const c = Math.sin(turn - sy) / Math.cos(sy);
  const d = (-Math.sin(turn - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(turn);
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale]; // the determinant of turn and shear is 1
  return [m0, m1, m0 * (-cx - tx) + m1 * (-cy - ty) + cx, m3, m4, m3 * (-cx - tx) + m4 * (-cy - ty) + cy];
}

/** Size of the smallest upright box of whole pixels around the turned image. */
function wholeSize(matrix: Matrix, { height, width }: Parts): [height: number, width: number] {
  const [a, b, c, d, e, f] = Float32Array.from(matrix);
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [(x * width) / 2, (y * height) / 2] as const));
  const size = (values: number[], side: number): number => {
    const cut = (value: number): number => Math.trunc(Math.fround((value + side / 2) / 1e-4)) * 1e-4; // 4.0000001 is 4
    return Math.ceil(Math.fround(cut(Math.max(...values)))) - Math.floor(Math.fround(cut(Math.min(...values))));
  };
  return [
    size(
      corners.map(([x, y]) => d! * x + e! * y + f!),
      height,
    ),
    size(
      corners.map(([x, y]) => a! * x + b! * y + c!),
      width,
    ),
  ];
}

/** The result's pixels, from where the matrix says. Steps are rounded to float32 where PyTorch's are: ties are many. */
function sample(
  op: string,
  image: Image,
  parts: Parts,
  matrix: Matrix,
  rows: number,
  columns: number,
  { interpolation = "nearest", fill }: AffineOptions,
): Image {
  const { data, channels, height, width, dtype } = parts;
  checkInterpolation(op, interpolation);
  const fills = fillOf(op, image, fill, channels);
  const f = Math.fround;
  const [a, b, c] = matrix.slice(0, 3).map((m) => f(f(m) / f(width / 2))) as [number, number, number];
  const [d, e, g] = matrix.slice(3).map((m) => f(f(m) / f(height / 2))) as [number, number, number];
  const out = new Float32Array(channels * rows * columns);
  const [area, outArea] = [height * width, rows * columns];
  for (let row = 0; row < rows; row++) {
    const y = row + 0.5 - rows / 2;
    for (let column = 0; column < columns; column++) {
      const x = column + 0.5 - columns / 2;
      const gx = f(f(f(x * a) + f(y * b)) + c); // from -1 to 1
      const gy = f(f(f(x * d) + f(y * e)) + g);
      const u = f(f(f(f(gx + 1) * width) - 1) / 2);
      const v = f(f(f(f(gy + 1) * height) - 1) / 2);
      const at = row * columns + column;
      if (interpolation === "nearest") {
        const [i, j] = [roundHalfToEven(v), roundHalfToEven(u)];
        const isInside = i >= 0 && i < height && j >= 0 && j < width;
        for (let channel = 0; channel < channels; channel++) {
          out[channel * outArea + at] = isInside ? data[channel * area + i * width + j]! : (fills?.[channel] ?? 0);
        }
        continue;
      }
      const [i, j] = [Math.floor(v), Math.floor(u)];
      const [down, right] = [f(v - i), f(u - j)];
      const [top, bottom] = [i >= 0 && i < height, i >= -1 && i < height - 1];
      const [left, rightmost] = [j >= 0 && j < width, j >= -1 && j < width - 1];
      const nw = top && left ? f(1 - down) * f(1 - right) : 0;
      const ne = top && rightmost ? f(1 - down) * right : 0;
      const sw = bottom && left ? down * f(1 - right) : 0;
      const se = bottom && rightmost ? down * right : 0;
      const inside = nw + ne + sw + se; // the share of the pixel that lies in the image
      for (let channel = 0; channel < channels; channel++) {
        const corner = channel * area + i * width + j;
        let value = 0;
        if (nw !== 0) value += nw * data[corner]!;
        if (ne !== 0) value += ne * data[corner + 1]!;
        if (sw !== 0) value += sw * data[corner + width]!;
        if (se !== 0) value += se * data[corner + width + 1]!;
        // PyTorch weighs the image by the share once more where a fill is given.
        out[channel * outArea + at] = fills === undefined ? value : value * inside + (1 - inside) * fills[channel]!;
      }
    }
  }
  return roundedTo(dtype, out, channels, rows, columns);
}

function fillOf(op: string, image: Image, fill: AffineOptions["fill"], channels: number): Float32Array | undefined {
  if (fill === undefined) return undefined;
  const list = typeof fill === "number" ? [fill] : fill;
  if (list.length === 1) return new Float32Array(channels).fill(list[0]!);
  if (list.length === channels) return Float32Array.from(list);
  throw new ShapeError(op, [image.shape], `fill has ${list.length} numbers for ${channels} channels`);
}
