// Parts of images.

import { ShapeError } from "../../core/errors.js";
import { heightAndWidth, type Image, partsOf, roundHalfToEven, type Size } from "./image.js";
import { type Padding, type PadOptions, pad, select } from "./pad.js";
import { Draw } from "./random.js";
import { checkRange, type Range } from "./ranges.js";
import { checkInterpolation, type ResizeOptions, resize } from "./resize.js";
import { Transform } from "./transform.js";

/** A part of an image: the row and column of its first pixel, and its size. */
export type Box = readonly [top: number, left: number, height: number, width: number];

/** The part of an image in a box. What the box has outside of the image is 0. */
export function crop(image: Image, top: number, left: number, height: number, width: number): Image {
  const parts = partsOf("crop", image);
  heightAndWidth("crop", [height, width], "[height, width]");
  return select(parts, span(top, height, parts.height), span(left, width, parts.width));
}

function span(start: number, length: number, size: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => (start + i < 0 || start + i >= size ? -1 : start + i));
}

/** The middle of an image; a margin of 0 where the image is smaller. */
export function centerCrop(image: Image, outputSize: Size): Image {
  const parts = partsOf("centerCrop", image);
  const [height, width] = heightAndWidth("centerCrop", outputSize, "outputSize");
  return crop(image, middle(parts.height, height), middle(parts.width, width), height, width);
}

/** Where the middle `wanted` of `size` pixels begin. */
function middle(size: number, wanted: number): number {
  if (wanted > size) return -Math.floor((wanted - size) / 2);
  return roundHalfToEven((size - wanted) / 2);
}

/** A part of an image, made another size. */
export function resizedCrop(
  image: Image,
  top: number,
  left: number,
  height: number,
  width: number,
  size: Size,
  options: Omit<ResizeOptions, "maxSize"> = {},
): Image {
  return resize(crop(image, top, left, height, width), size, options);
}

/** The middle of an image: see {@link centerCrop}. */
export class CenterCrop extends Transform {
  constructor(readonly size: Size) {
    super();
    heightAndWidth("CenterCrop", size);
  }

  forward(image: Image): Image {
    return centerCrop(image, this.size);
  }
}

export interface RandomCropOptions extends PadOptions {
  /** A margin that the image gets first. */
  readonly padding?: Padding;
  /** Gives an image that is too small the margins it needs, instead of refusing it. Default false. */
  readonly padIfNeeded?: boolean;
}

/** A part of a given size, anywhere in the image. */
export class RandomCrop extends Transform {
  readonly #size: readonly [height: number, width: number];

  constructor(
    readonly size: Size,
    readonly options: RandomCropOptions = {},
  ) {
    super();
    this.#size = heightAndWidth("RandomCrop", size);
  }

  /**
   * The box of a random crop, each place as likely as any other.
   * @throws ShapeError if the image is smaller
   */
  static getParams(image: Image, [h, w]: readonly [height: number, width: number], draw = new Draw()): Box {
    const { height, width } = partsOf("RandomCrop", image);
    if (height < h || width < w) {
      const fix = "give it a padding, or padIfNeeded: true";
      throw new ShapeError("RandomCrop", [image.shape], `the crop is larger: [${h}, ${w}]`, fix);
    }
    return [draw.integer(0, height - h + 1), draw.integer(0, width - w + 1), h, w];
  }

  /** @throws ShapeError if the image is smaller than the crop */
  forward(image: Image): Image {
    const { padding, padIfNeeded = false, ...options } = this.options;
    const [h, w] = this.#size;
    let whole = padding === undefined ? image : pad(image, padding, options);
    const { height, width } = partsOf("RandomCrop", whole);
    if (padIfNeeded && width < w) whole = pad(whole, [w - width, 0], options);
    if (padIfNeeded && height < h) whole = pad(whole, [0, h - height], options);
    return crop(whole, ...RandomCrop.getParams(whole, this.#size));
  }
}

export interface RandomResizedCropOptions extends Omit<ResizeOptions, "maxSize"> {
  /** Area of the crop, as a share of the image. Default [0.08, 1]. */
  readonly scale?: Range;
  /** Width over height of the crop. Default [3/4, 4/3]. */
  readonly ratio?: Range;
}

/** A part of random size and shape, made a given size (Szegedy and others 2015, "Inception"). */
export class RandomResizedCrop extends Transform {
  readonly #size: readonly [height: number, width: number];
  readonly #scale: Range;
  readonly #ratio: Range;

  /** @throws OutOfRangeError or TapegradError for other ranges, sizes or interpolations */
  constructor(
    readonly size: Size,
    readonly options: RandomResizedCropOptions = {},
  ) {
    super();
    this.#size = heightAndWidth("RandomResizedCrop", size);
    this.#scale = checkRange("RandomResizedCrop", "scale", options.scale ?? [0.08, 1], 0);
    this.#ratio = checkRange("RandomResizedCrop", "ratio", options.ratio ?? [3 / 4, 4 / 3], Number.MIN_VALUE);
    checkInterpolation("RandomResizedCrop", options.interpolation ?? "bilinear");
  }

  /**
   * The box of a random crop: an area uniform in `scale`, a ratio uniform in the logarithm, then any place where it fits.
   * Ten tries; then the middle of the image, in the ratio nearest to its own.
   */
  static getParams(image: Image, scale: Range, ratio: Range, draw = new Draw()): Box {
    const { height, width } = partsOf("RandomResizedCrop", image);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * draw.uniform(...scale);
      const aspect = Math.exp(draw.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
      const w = roundHalfToEven(Math.sqrt(area * aspect));
      const h = roundHalfToEven(Math.sqrt(area / aspect));
      if (w <= 0 || w > width || h <= 0 || h > height) continue;
      return [draw.integer(0, height - h + 1), draw.integer(0, width - w + 1), h, w];
    }
    const own = width / height;
    const w = own > ratio[1] ? roundHalfToEven(height * ratio[1]) : width;
    const h = own < ratio[0] ? roundHalfToEven(width / ratio[0]) : height;
    return [Math.floor((height - h) / 2), Math.floor((width - w) / 2), h, w];
  }

  forward(image: Image): Image {
    const { interpolation = "bilinear", antialias = false } = this.options;
    const box = RandomResizedCrop.getParams(image, this.#scale, this.#ratio);
    return resizedCrop(image, ...box, this.#size, { interpolation, antialias });
  }
}
