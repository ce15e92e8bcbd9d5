// Images out of focus.

import { OutOfRangeError, ShapeError } from "../../core/errors.js";
import { heightAndWidth, type Image, partsOf, roundedTo, type Size } from "./image.js";
import { Draw } from "./random.js";
import { checkRange, type Range } from "./ranges.js";
import { Transform } from "./transform.js";

/**
 * Each pixel a mean of those around it, weighted by exp(-x^2 / (2 sigma_x^2) - y^2 / (2 sigma_y^2)). Beyond the edge the
 * image is mirrored.
 *
 * @param kernelSize - width, or width and height, of what the mean is taken of; odd
 * @param options - `sigma` along x and along y, in pixels; default 0.15 kernelSize + 0.35
 * @throws OutOfRangeError for even sizes, or a sigma that is not positive; ShapeError if the image is too small
 */
export function gaussianBlur(
  image: Image,
  kernelSize: Size,
  { sigma }: { readonly sigma?: number | readonly [x: number, y: number] } = {},
): Image {
  const { data, channels, height, width, dtype } = partsOf("gaussianBlur", image);
  const sizes = kernelSizes("gaussianBlur", kernelSize); // [x, y], as in PyTorch
  const [sx, sy] = typeof sigma === "number" ? [sigma, sigma] : (sigma ?? sizes.map((size) => size * 0.15 + 0.35));
  if (!(sx! > 0 && sy! > 0)) throw new OutOfRangeError("gaussianBlur", `sigma must be positive, got ${sx} and ${sy}`);
  const [kx, ky] = [weights(sizes[0], sx!), weights(sizes[1], sy!)];
  if (kx.length >> 1 >= width || ky.length >> 1 >= height) {
    const problem = `is too small to be mirrored under a kernel of ${kx.length} x ${ky.length} (width x height)`;
    throw new ShapeError("gaussianBlur", [image.shape], problem);
  }
  const between = new Float32Array(data.length);
  const out = new Float32Array(data.length);
  const columns = mirrored(width, kx.length >> 1);
  const rows = mirrored(height, ky.length >> 1);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < kx.length; k++) sum += kx[k]! * data[row + columns[x + k]!]!;
      between[row + x] = sum;
    }
  }
  for (let plane = 0; plane < data.length; plane += height * width) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let k = 0; k < ky.length; k++) sum += ky[k]! * between[plane + rows[y + k]! * width + x]!;
        out[plane + y * width + x] = sum;
      }
    }
  }
  return roundedTo(dtype, out, channels, height, width);
}

/** -margin .. size + margin - 1, mirrored at the first and the last pixel. */
function mirrored(size: number, margin: number): Int32Array {
  return Int32Array.from({ length: size + 2 * margin }, (_, i) => {
    const at = Math.abs(i - margin);
    return at < size ? at : 2 * size - 2 - at;
  });
}

function weights(size: number, sigma: number): Float32Array {
  const values = Float32Array.from({ length: size }, (_, i) => Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2));
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

function kernelSizes(op: string, kernelSize: Size): readonly [x: number, y: number] {
  const sizes = heightAndWidth(op, kernelSize, "kernelSize");
  if (sizes.every((size) => size % 2 === 1)) return sizes;
  throw new OutOfRangeError(op, `kernelSize must be odd, got ${sizes.join(" and ")}`);
}

/** Images out of focus at random: see {@link gaussianBlur}. */
export class GaussianBlur extends Transform {
  readonly sigma: Range;

  /**
   * @param options - `sigma`: a number, or the range it is chosen from; default [0.1, 2]
   * @throws OutOfRangeError for even kernel sizes, or a sigma that is not positive
   */
  constructor(
    readonly kernelSize: Size,
    { sigma = [0.1, 2] }: { readonly sigma?: number | Range } = {},
  ) {
    super();
    kernelSizes("GaussianBlur", kernelSize);
    const range = typeof sigma === "number" ? [sigma, sigma] : sigma;
    this.sigma = checkRange("GaussianBlur", "sigma", range, Number.MIN_VALUE);
  }

  /** sigma, uniform in its range. */
  static getParams(sigma: Range, draw = new Draw()): number {
    return draw.uniform(...sigma);
  }

  forward(image: Image): Image {
    return gaussianBlur(image, this.kernelSize, { sigma: GaussianBlur.getParams(this.sigma) });
  }
}
