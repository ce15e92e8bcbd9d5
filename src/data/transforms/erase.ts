// Images with a hole.

import { checkProbability, describe } from "../../core/check.js";
import { DTypeError, OutOfRangeError, ShapeError, TapegradError } from "../../core/errors.js";
import type { Box } from "./crop.js";
import { type Image, imageOf, partsOf, roundHalfToEven } from "./image.js";
import { Draw } from "./random.js";
import { checkRange, type Range } from "./ranges.js";
import { Transform } from "./transform.js";

/**
 * An image with a box of another value.
 *
 * @param i - the first row; j the first column; h and w the height and width of the box
 * @param v - a number, one for each channel, or all C * h * w of them
 * @throws ShapeError for another number of values; OutOfRangeError for values that do not fit into uint8
 */
export function erase(image: Image, i: number, j: number, h: number, w: number, v: number | ArrayLike<number>): Image {
  const { data, channels, height, width, dtype } = partsOf("erase", image);
  const values = typeof v === "number" ? [v] : v;
  const step = [1, channels, channels * h * w].indexOf(values.length);
  if (step < 0) {
    const wanted = `1, ${channels} or ${channels * h * w} values`;
    throw new ShapeError("erase", [image.shape], `v must have ${wanted}, and has ${values.length}`);
  }
  if (dtype === "uint8" && !Array.from(values).every((value) => value >= 0 && value <= 255)) {
    throw new OutOfRangeError("erase", "v must be from 0 to 255 in a uint8 image");
  }
  const out = data.slice();
  for (let c = 0; c < channels; c++) {
    for (let y = Math.max(i, 0); y < Math.min(i + h, height); y++) {
      for (let x = Math.max(j, 0); x < Math.min(j + w, width); x++) {
        const at = step === 0 ? 0 : step === 1 ? c : (c * h + y - i) * w + x - j;
        out[(c * height + y) * width + x] = values[at]!;
      }
    }
  }
  return imageOf(out, channels, height, width);
}

export interface RandomErasingOptions {
  /** How often. Default 0.5. */
  readonly p?: number;
  /** Area of the hole, as a share of the image. Default [0.02, 0.33]. */
  readonly scale?: Range;
  /** Height over width of the hole. Default [0.3, 3.3]. */
  readonly ratio?: Range;
  /** What is in the hole: a number (default 0), one for each channel, or "random": normal numbers. */
  readonly value?: number | readonly number[] | "random";
}

/** With probability p, a hole somewhere in the image (Zhong and others 2017, "Random Erasing"). */
export class RandomErasing extends Transform {
  readonly p: number;
  readonly scale: Range;
  readonly ratio: Range;
  readonly value: number | readonly number[] | "random";

  /** @throws OutOfRangeError for what is no range or no probability; TapegradError for another value */
  constructor({ p = 0.5, scale = [0.02, 0.33], ratio = [0.3, 3.3], value = 0 }: RandomErasingOptions = {}) {
    super();
    this.p = checkProbability("RandomErasing", p);
    this.scale = checkRange("RandomErasing", "scale", scale, 0, 1);
    this.ratio = checkRange("RandomErasing", "ratio", ratio, Number.MIN_VALUE);
    if (value !== "random" && typeof value !== "number" && !Array.isArray(value)) {
      throw new TapegradError("RandomErasing", `value must be a number, an array or "random", got ${describe(value)}`);
    }
    this.value = value;
  }

  /**
   * The hole: an area uniform in `scale`, a ratio uniform in the logarithm, then any place where it fits. undefined if ten
   * tries give none that is smaller than the image.
   */
  static getParams(image: Image, scale: Range, ratio: Range, draw = new Draw()): Box | undefined {
    const { height, width } = partsOf("RandomErasing", image);
    for (let attempt = 0; attempt < 10; attempt++) {
      const area = height * width * draw.uniform(...scale);
      const aspect = Math.exp(draw.uniform(Math.log(ratio[0]), Math.log(ratio[1])));
      const h = roundHalfToEven(Math.sqrt(area * aspect));
      const w = roundHalfToEven(Math.sqrt(area / aspect));
      if (h >= height || w >= width) continue;
      return [draw.integer(0, height - h + 1), draw.integer(0, width - w + 1), h, w];
    }
    return undefined;
  }

  /** @throws DTypeError for "random" in a uint8 image: normal numbers are no bytes */
  forward(image: Image): Image {
    const draw = new Draw();
    if (draw.uniform() >= this.p) return image;
    const { channels, dtype } = partsOf("RandomErasing", image);
    if (this.value === "random" && dtype === "uint8") {
      throw new DTypeError("RandomErasing", `value "random" needs a float32 image, got uint8 (use ToTensor first)`);
    }
    const box = RandomErasing.getParams(image, this.scale, this.ratio, draw);
    if (box === undefined) return image;
    const count = channels * box[2] * box[3];
    const value = this.value === "random" ? Float32Array.from({ length: count }, () => draw.normal()) : this.value;
    return erase(image, ...box, value);
  }
}
