// Colours at random, and none at all.

import { OutOfRangeError } from "../../core/errors.js";
import { named } from "../../core/options.js";
import { adjustBrightness, adjustContrast, adjustHue, adjustSaturation, rgbToGrayscale } from "./color.js";
import type { Image } from "./image.js";
import { Draw } from "./random.js";
import { checkRange, type Range } from "./ranges.js";
import { Transform } from "./transform.js";

/** Of a number x, factors from max(0, 1 - x) to 1 + x (for the hue, from -x to x); or their range itself. */
export interface ColorJitterOptions {
  /** Default 0: as it is. So are the others. */
  readonly brightness?: number | Range;
  readonly contrast?: number | Range;
  readonly saturation?: number | Range;
  /** At most 0.5. */
  readonly hue?: number | Range;
}

const ADJUSTMENTS = [
  ["brightness", adjustBrightness],
  ["contrast", adjustContrast],
  ["saturation", adjustSaturation],
  ["hue", adjustHue],
] as const;

/** Ranges of the factors of brightness, contrast, saturation and hue; undefined for what stays as it is. */
export type ColorRanges = readonly (Range | undefined)[];

/** Brightness, contrast, saturation and hue changed at random, in random order. */
export class ColorJitter extends Transform {
  readonly ranges: ColorRanges;

  /** @throws OutOfRangeError for a negative number, or what is no range */
  constructor(options: ColorJitterOptions = {}) {
    super();
    this.ranges = ADJUSTMENTS.map(([name]) => rangeOf(name, options[name] ?? 0));
  }

  /** The order of the four changes, and their factors, each uniform in its range. */
  static getParams(ranges: ColorRanges, draw = new Draw()): { order: Int32Array; factors: (number | undefined)[] } {
    const order = draw.permutation(4);
    return { order, factors: ranges.map((range) => range && draw.uniform(...range)) };
  }

  forward(image: Image): Image {
    const { order, factors } = ColorJitter.getParams(this.ranges);
    let result = image;
    for (const which of order) {
      const factor = factors[which];
      if (factor !== undefined) result = ADJUSTMENTS[which]![1](result, factor);
    }
    return result;
  }
}

function rangeOf(name: string, value: number | Range): Range | undefined {
  const [centre, least, greatest] = name === "hue" ? [0, -0.5, 0.5] : [1, 0, Infinity];
  if (typeof value === "number" && !(value >= 0)) {
    throw new OutOfRangeError("ColorJitter", `${name} must not be negative if it is a single number, got ${value}`);
  }
  const range =
    typeof value === "number" ? [Math.max(centre - value, name === "hue" ? -Infinity : 0), centre + value] : value;
  const [low, high] = checkRange("ColorJitter", name, range, least, greatest);
  return low === centre && high === centre ? undefined : [low, high];
}

/** Grey instead of colours: see {@link rgbToGrayscale}. */
export class Grayscale extends Transform {
  readonly numOutputChannels: 1 | 3;

  /** @param options - `numOutputChannels`: 1 (the default), or 3 equal ones */
  constructor(options: { readonly numOutputChannels?: 1 | 3 } | 1 | 3 = {}) {
    super();
    this.numOutputChannels =
      named<{ readonly numOutputChannels?: 1 | 3 }>(options, "numOutputChannels").numOutputChannels ?? 1;
  }

  forward(image: Image): Image {
    return rgbToGrayscale(image, { numOutputChannels: this.numOutputChannels });
  }
}
