// Images turned, moved, scaled and sheared at random.

import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { type AffineOptions, affine, type RotateOptions, rotate } from "./affine.js";
import { type Image, partsOf, roundHalfToEven } from "./image.js";
import { Draw } from "./random.js";
import { anglesOf, checkRange, type Range } from "./ranges.js";
import { checkInterpolation } from "./resize.js";
import { Transform } from "./transform.js";

/** An image turned by a random angle. */
export class RandomRotation extends Transform {
  readonly degrees: Range;

  /**
   * @param degrees - the range of the angle, counter-clockwise; of a number, [-degrees, degrees]
   * @throws OutOfRangeError if it is no range
   */
  constructor(
    degrees: number | Range,
    readonly options: RotateOptions = {},
  ) {
    super();
    this.degrees = anglesOf("RandomRotation", "degrees", degrees);
    checkInterpolation("RandomRotation", options.interpolation ?? "nearest");
  }

  /** The angle, uniform in the range. */
  static getParams(degrees: Range, draw = new Draw()): number {
    return draw.uniform(...degrees);
  }

  forward(image: Image): Image {
    return rotate(image, RandomRotation.getParams(this.degrees), { fill: 0, ...this.options });
  }
}

export interface RandomAffineOptions extends AffineOptions {
  /** The most that the image moves, as shares of its width and of its height. Default: it does not. */
  readonly translate?: readonly [x: number, y: number];
  /** Range of the scale. Default: 1. */
  readonly scale?: Range;
  /** Range of the shear along x in degrees ([-shear, shear] of a number), then perhaps that along y. Default: none. */
  readonly shear?: number | Range | readonly [xLow: number, xHigh: number, yLow: number, yHigh: number];
}

/** What an affine transform does: `affine`'s arguments. */
export type AffineParams = readonly [
  angle: number,
  translate: readonly [x: number, y: number],
  scale: number,
  shear: readonly [x: number, y: number],
];

/** Ranges of the parameters. */
export interface AffineRanges {
  readonly degrees: Range;
  readonly translate?: readonly [x: number, y: number] | undefined;
  readonly scale?: Range | undefined;
  readonly shear?: readonly [x: Range, y?: Range] | undefined;
}

/**
 * An image turned, moved, scaled and sheared at random; its middle, or `center`, is what it turns about.
 *
 *     new data.transforms.RandomAffine(10, { translate: [0.1, 0.1], scale: [0.9, 1.1], shear: 5 })
 */
export class RandomAffine extends Transform {
  readonly ranges: AffineRanges;
  readonly #options: AffineOptions;

  /**
   * @param degrees - the range of the angle, clockwise; of a number, [-degrees, degrees]
   * @throws OutOfRangeError or TapegradError for what is no range, or no share
   */
  constructor(degrees: number | Range, options: RandomAffineOptions = {}) {
    super();
    const { translate, scale, shear, ...rest } = options;
    this.#options = { fill: 0, ...rest };
    checkInterpolation("RandomAffine", rest.interpolation ?? "nearest");
    if (translate?.some((share) => !(share >= 0 && share <= 1)) || (translate && translate.length !== 2)) {
      throw new OutOfRangeError("RandomAffine", `translate must be two shares from 0 to 1, got [${translate}]`);
    }
    this.ranges = {
      degrees: anglesOf("RandomAffine", "degrees", degrees),
      translate,
      scale: scale && checkRange("RandomAffine", "scale", scale, Number.MIN_VALUE),
      shear: shear === undefined ? undefined : shearsOf(shear),
    };
  }

  /** The parameters for an image of this size: each uniform in its range, the translation in whole pixels. */
  static getParams(ranges: AffineRanges, [width, height]: readonly [number, number], draw = new Draw()): AffineParams {
    const { degrees, translate, scale, shear } = ranges;
    const angle = draw.uniform(...degrees);
    const [right, down] = translate === undefined ? [0, 0] : [translate[0] * width, translate[1] * height];
    const moved = [right, down].map((most) => (most === 0 ? 0 : roundHalfToEven(draw.uniform(-most, most))));
    const scaled = scale === undefined ? 1 : draw.uniform(...scale);
    const [x, y] = [shear?.[0], shear?.[1]].map((range) => (range === undefined ? 0 : draw.uniform(...range)));
    return [angle, moved as [number, number], scaled, [x!, y!]];
  }

  forward(image: Image): Image {
    const { height, width } = partsOf("RandomAffine", image);
    return affine(image, ...RandomAffine.getParams(this.ranges, [width, height]), this.#options);
  }
}

function shearsOf(shear: number | readonly number[]): readonly [x: Range, y?: Range] {
  if (typeof shear === "number") return [anglesOf("RandomAffine", "shear", shear)];
  if (shear.length !== 2 && shear.length !== 4) {
    throw new TapegradError(
      "RandomAffine",
      `shear must be a number, or an array of 2 or 4, got ${shear.length} numbers`,
    );
  }
  const ranges = [shear.slice(0, 2), shear.slice(2)].filter((range) => range.length > 0);
  const [x, y] = ranges.map((range) => checkRange("RandomAffine", "shear", range));
  return y === undefined ? [x!] : [x!, y];
}
