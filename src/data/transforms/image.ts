// Images on the host: what every transform takes and returns.

import { describe } from "../../core/check.js";
import { DTypeError, ShapeError, TapegradError } from "../../core/errors.js";
import { HostArray, isHostArray } from "../host-array.js";

/** An image [C, H, W] on the host: uint8 from 0 to 255, or float32, usually from 0 to 1. Transforms never change one. */
export type Image = HostArray;

/** Elements of an image. */
export type Pixels = Uint8Array | Float32Array;

/** A size: height and width, or one number for both. */
export type Size = number | readonly [height: number, width: number] | readonly [both: number];

/** An image taken apart. */
export interface Parts {
  readonly data: Pixels;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly dtype: "uint8" | "float32";
}

/**
 * @internal The elements and sizes of an image.
 * @throws TapegradError, ShapeError or DTypeError if it is none
 */
export function partsOf(op: string, image: Image): Parts {
  if (!isHostArray(image)) {
    const fix = "make one of pixels with data.hostArray(pixels, { shape: [C, H, W] })";
    throw new TapegradError(op, `takes an image on the host, a HostArray [C, H, W], got ${describe(image)} (${fix})`);
  }
  const { data, shape, dtype } = image;
  if (shape.length !== 3) throw new ShapeError(op, [shape], "an image has three dimensions, [C, H, W]");
  if (dtype !== "uint8" && dtype !== "float32") throw new DTypeError(op, `takes uint8 or float32 images, got ${dtype}`);
  const [channels, height, width] = shape as [number, number, number];
  return { data: data as Pixels, channels, height, width, dtype };
}

/** @internal Memory for an image of the same dtype. */
export function allocate(dtype: Parts["dtype"], length: number): Pixels {
  return dtype === "uint8" ? new Uint8Array(length) : new Float32Array(length);
}

/** @internal An image of its elements. */
export function imageOf(data: Pixels, channels: number, height: number, width: number): Image {
  return new HostArray(data, [channels, height, width], data instanceof Uint8Array ? "uint8" : "float32");
}

/** @internal An image of computed elements: for uint8, the nearest whole ones. Halves go to the even one, as in PyTorch. */
export function roundedTo(dtype: Parts["dtype"], data: Float32Array, c: number, h: number, w: number): Image {
  if (dtype === "float32") return imageOf(data, c, h, w);
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = roundHalfToEven(data[i]!);
  return imageOf(bytes, c, h, w);
}

/** @internal The nearest whole number; of two that are as near, the even one. */
export function roundHalfToEven(x: number): number {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** @internal Height and width. */
export function heightAndWidth(op: string, size: Size, name = "size"): readonly [height: number, width: number] {
  const [height, width = height, ...more] = (typeof size === "number" ? [size] : size) as readonly number[];
  if (more.length > 0 || ![height, width].every((n) => Number.isInteger(n) && (n as number) > 0)) {
    throw new TapegradError(
      op,
      `${name} must be a whole number from 1 on, or two, [height, width], got ${describe(size)}`,
    );
  }
  return [height!, width!];
}
