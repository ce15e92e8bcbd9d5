// Images the other way round.

import { checkProbability } from "../../core/check.js";
import { named, type Optional } from "../../core/options.js";
import { allocate, type Image, imageOf, partsOf } from "./image.js";
import { Draw } from "./random.js";
import { Transform } from "./transform.js";

/** Left and right exchanged. */
export function hflip(image: Image): Image {
  const { data, channels, height, width, dtype } = partsOf("hflip", image);
  const out = allocate(dtype, data.length);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) out[row + x] = data[row + width - 1 - x]!;
  }
  return imageOf(out, channels, height, width);
}

/** Top and bottom exchanged. */
export function vflip(image: Image): Image {
  const { data, channels, height, width, dtype } = partsOf("vflip", image);
  const out = allocate(dtype, data.length);
  for (let c = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      const from = (c * height + height - 1 - y) * width;
      out.set(data.subarray(from, from + width), (c * height + y) * width);
    }
  }
  return imageOf(out, channels, height, width);
}

/** With probability p, left and right exchanged. */
export class RandomHorizontalFlip extends Transform {
  readonly p: number;

  /** @throws OutOfRangeError if p (default 0.5) is no probability */
  constructor(options: Optional<"p", number> = {}) {
    super();
    this.p = checkProbability("RandomHorizontalFlip", named<{ readonly p?: number }>(options, "p").p ?? 0.5);
  }

  forward(image: Image): Image {
    return new Draw().uniform() < this.p ? hflip(image) : image;
  }
}

/** With probability p, top and bottom exchanged. */
export class RandomVerticalFlip extends Transform {
  readonly p: number;

  /** @throws OutOfRangeError if p (default 0.5) is no probability */
  constructor(options: Optional<"p", number> = {}) {
    super();
    this.p = checkProbability("RandomVerticalFlip", named<{ readonly p?: number }>(options, "p").p ?? 0.5);
  }

  forward(image: Image): Image {
    return new Draw().uniform() < this.p ? vflip(image) : image;
  }
}
