// Handwritten-like digits drawn by a program: data to train on where no file can be had.

import { TapegradError } from "../../core/errors.js";
import { Generator } from "../../core/philox.js";
import { STYLES, type Stroke } from "./digit-strokes.js";
import { GreyImages, PIXELS, SIDE } from "./grey-images.js";

export interface SyntheticDigitsOptions {
  /** Number of images. Default 4000. */
  readonly length?: number;
  /** Image i is a function of (seed, i) alone; train and test sets are two seeds. Default 0. */
  readonly seed?: number;
}

/** A random real number from `low` to `high`. */
type Uniform = (low: number, high: number) => number;

const SEGMENTS = 6; // of a smooth curve, between two points of a stroke
const GRID = 4; // nodes per side of the elastic distortion

/**
 * [image, label] pairs that look like MNIST's: image float32 [1, 28, 28] from 0 to 1, label 0 to 9.
 *
 * A digit is one of a few ways to write it, as strokes of a pen. Its points are moved at random, then bent by an elastic
 * distortion (Simard, Steinkraus and Platt 2003), slanted, rotated, scaled and shifted; the pen has a random thickness,
 * and the image noise.
 *
 *     const train = new data.SyntheticDigits({ length: 4000, seed: 0 });
 *     const test = new data.SyntheticDigits({ length: 1000, seed: 1 });
 */
export class SyntheticDigits extends GreyImages {
  readonly labels: Uint8Array;
  readonly #seed: number;
  readonly #pixels: Uint8Array;
  readonly #isDrawn: Uint8Array;

  /** @throws TapegradError if `length` is not a whole number from 0 up */
  constructor({ length = 4000, seed = 0 }: SyntheticDigitsOptions = {}) {
    super();
    if (!Number.isInteger(length) || length < 0) {
      throw new TapegradError("SyntheticDigits", `length must be a whole number from 0 up, got ${length}`);
    }
    this.#seed = seed;
    this.labels = Uint8Array.from({ length }, (_, index) => Math.floor(this.#uniform(index)(0, 10)));
    this.#pixels = new Uint8Array(length * PIXELS);
    this.#isDrawn = new Uint8Array(length);
  }

  get images(): Uint8Array {
    for (let index = 0; index < this.length; index++) this.pixels(index);
    return this.#pixels;
  }

  protected override pixels(index: number): Uint8Array {
    const pixels = this.#pixels.subarray(index * PIXELS, (index + 1) * PIXELS);
    if (this.#isDrawn[index] === 0) {
      const uniform = this.#uniform(index);
      drawDigit(Math.floor(uniform(0, 10)), uniform, pixels);
      this.#isDrawn[index] = 1;
    }
    return pixels;
  }

  /** The random numbers of one image; the first is its label. */
  #uniform(index: number): Uniform {
    const generator = new Generator(this.#seed);
    generator.state = { seed: this.#seed, draws: index };
    const next = generator.words();
    return (low, high) => low + (high - low) * (next() / 2 ** 32);
  }
}

/** Draws one digit with 0 for paper and 255 for ink. */
function drawDigit(digit: number, uniform: Uniform, pixels: Uint8Array): void {
  const styles = STYLES[digit]!;
  const style = styles[Math.floor(uniform(0, styles.length))]!;
  const transform = distortion(uniform);
  const curves = style.map((stroke) => smooth(unsteady(stroke, uniform)));
  for (const curve of curves) {
    for (let i = 0; i < curve.length; i += 2) [curve[i], curve[i + 1]] = transform(curve[i]!, curve[i + 1]!);
  }
  const radius = uniform(0.8, 1.7); // of the pen, in pixels
  const noise = uniform(0, 0.12);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const distance = Math.sqrt(Math.min(...curves.map((curve) => squaredDistance(curve, x + 0.5, y + 0.5))));
      const ink = Math.min(Math.max((radius + 0.7 - distance) / 1.4, 0), 1); // an edge 1.4 pixels wide
      const grey = ink * (1 - uniform(0, 2 * noise)) + Math.max(uniform(-4 * noise, noise), 0);
      pixels[y * SIDE + x] = Math.round(255 * Math.min(grey, 1));
    }
  }
}

/** The stroke's points, each moved a little, from 0 to 1. */
function unsteady(stroke: Stroke, uniform: Uniform): number[] {
  return stroke.map((coordinate) => (coordinate + uniform(-2.5, 2.5)) / 100);
}

/** A Catmull-Rom spline through the points. */
function smooth(points: readonly number[]): number[] {
  const last = points.length / 2 - 1;
  const at = (i: number, coordinate: number): number => points[2 * Math.min(Math.max(i, 0), last) + coordinate]!;
  const curve = [at(0, 0), at(0, 1)];
  for (let i = 0; i < last; i++) {
    for (let k = 1; k <= SEGMENTS; k++) {
      const t = k / SEGMENTS;
      for (const coordinate of [0, 1]) {
        const [a, b, c, d] = [at(i - 1, coordinate), at(i, coordinate), at(i + 1, coordinate), at(i + 2, coordinate)];
        curve.push(b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a))));
      }
    }
  }
  return curve;
}

/** A random elastic and affine map from the unit square to pixels. */
function distortion(uniform: Uniform): (x: number, y: number) => [x: number, y: number] {
  const strength = uniform(0, 0.07);
  const [bendX, bendY] = [field(strength, uniform), field(strength, uniform)];
  const [angle, slant] = [uniform(-0.25, 0.25), uniform(-0.15, 0.4)]; // most people slant to the right
  const [width, height] = [uniform(0.62, 0.92) * SIDE, uniform(0.72, 0.95) * SIDE];
  const [shiftX, shiftY] = [uniform(-2, 2), uniform(-2, 2)]; // pixels
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (x, y) => {
    const [u, v] = [(x + bendX(x, y) - 0.5) * width, (y + bendY(x, y) - 0.5) * height];
    const slanted = u - slant * v;
    return [SIDE / 2 + shiftX + cos * slanted - sin * v, SIDE / 2 + shiftY + sin * slanted + cos * v];
  };
}

/** A smooth random function on the unit square: random values on a grid, interpolated. */
function field(strength: number, uniform: Uniform): (x: number, y: number) => number {
  const values = Array.from({ length: GRID * GRID }, () => uniform(-strength, strength));
  return (x, y) => {
    const [column, fx] = cell(x);
    const [row, fy] = cell(y);
    const mix = (r: number): number => values[r * GRID + column]! * (1 - fx) + values[r * GRID + column + 1]! * fx;
    return mix(row) * (1 - fy) + mix(row + 1) * fy;
  };
}

/** The grid cell of a coordinate and the place in it, eased so that the slope is continuous. */
function cell(coordinate: number): [index: number, fraction: number] {
  const scaled = Math.min(Math.max(coordinate, 0), 1) * (GRID - 1);
  const index = Math.min(Math.floor(scaled), GRID - 2);
  const t = scaled - index;
  return [index, t * t * (3 - 2 * t)];
}

function squaredDistance(curve: readonly number[], x: number, y: number): number {
  let nearest = Infinity;
  for (let i = 0; i + 3 < curve.length; i += 2) {
    const [ax, ay] = [curve[i]!, curve[i + 1]!];
    const [dx, dy] = [curve[i + 2]! - ax, curve[i + 3]! - ay];
    const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(Math.max(along, 0), 1);
    const [ex, ey] = [ax + t * dx - x, ay + t * dy - y];
    nearest = Math.min(nearest, ex * ex + ey * ey);
  }
  return nearest;
}
