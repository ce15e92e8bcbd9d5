// Numbers to train on: from bytes to fractions, and those to mean 0 and variance 1.

import { DTypeError, OutOfRangeError, ShapeError } from "../../core/errors.js";
import { HostArray } from "../host-array.js";
import { type Image, imageOf, partsOf } from "./image.js";
import { Transform } from "./transform.js";

/** @internal Bytes as fractions of 255. */
export const UNIT = /* @__PURE__ */ Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/**
 * A uint8 image [C, H, W] or [H, W] from 0 to 255 as float32 [C, H, W] from 0 to 1. float32 images stay as they are. What
 * comes out is on the host too: the loader makes tensors of whole batches.
 */
export function toTensor(image: Image): Image {
  const whole = image?.shape?.length === 2 ? new HostArray(image.data, [1, ...image.shape], image.dtype) : image;
  const { data, channels, height, width } = partsOf("toTensor", whole);
  if (data instanceof Float32Array) return whole;
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = UNIT[data[i]!]!;
  return imageOf(out, channels, height, width);
}

/**
 * (x - mean[c]) / std[c] in each channel c.
 *
 * @param image - float32 [C, H, W]
 * @param mean - one number, or one for each channel; so is `std`
 * @throws DTypeError for a uint8 image; ShapeError for another number of channels; OutOfRangeError if a std is 0
 */
export function normalize(image: Image, mean: readonly number[] | number, std: readonly number[] | number): Image {
  const { data, channels, height, width, dtype } = partsOf("normalize", image);
  if (dtype === "uint8") throw new DTypeError("normalize", "takes float32 images, got uint8 (use ToTensor first)");
  const means = perChannel("mean", mean, image);
  const stds = perChannel("std", std, image);
  if (stds.includes(0)) throw new OutOfRangeError("normalize", "a std is 0, which would divide by zero");
  const out = new Float32Array(data.length);
  const size = height * width;
  for (let c = 0; c < channels; c++) {
    const [m, s] = [means[c]!, stds[c]!];
    for (let i = c * size; i < (c + 1) * size; i++) out[i] = Math.fround(data[i]! - m) / s;
  }
  return imageOf(out, channels, height, width);
}

function perChannel(name: string, values: readonly number[] | number, { shape }: Image): Float32Array {
  const list = typeof values === "number" ? [values] : values;
  const channels = shape[0]!;
  if (list.length === 1) return new Float32Array(channels).fill(list[0]!);
  if (list.length === channels) return Float32Array.from(list);
  throw new ShapeError("normalize", [shape], `${name} has ${list.length} numbers for ${channels} channels`);
}

/** Bytes from 0 to 255 as float32 from 0 to 1: see {@link toTensor}. */
export class ToTensor extends Transform {
  forward(image: Image): Image {
    return toTensor(image);
  }
}

/** (x - mean[c]) / std[c] in each channel c of a float32 image. */
export class Normalize extends Transform {
  constructor(
    readonly mean: readonly number[] | number,
    readonly std: readonly number[] | number,
  ) {
    super();
  }

  forward(image: Image): Image {
    return normalize(image, this.mean, this.std);
  }
}
