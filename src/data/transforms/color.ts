// The colours of images.

import { OutOfRangeError, ShapeError } from "../../core/errors.js";
import { allocate, type Image, imageOf, type Parts, partsOf } from "./image.js";

// PyTorch computes with float32, one operation after another, and cuts fractions of bytes off, so each step is rounded
// here too: bytes come out the same.
const f = Math.fround;

function colours(op: string, image: Image): Parts {
  const parts = partsOf(op, image);
  if (parts.channels === 1 || parts.channels === 3) return parts;
  throw new ShapeError(op, [image.shape], `takes images of 1 or 3 channels, and this one has ${parts.channels}`);
}

function factorOf(op: string, factor: number): number {
  if (factor >= 0) return factor;
  throw new OutOfRangeError(op, `the factor must not be negative, got ${factor}`);
}

/** Luma of each pixel: 0.2989 r + 0.587 g + 0.114 b (ITU-R BT.601), cut off to whole numbers for bytes. */
function luma({ data, channels, height, width, dtype }: Parts): Parts["data"] {
  const size = height * width;
  if (channels === 1) return data;
  const grey = allocate(dtype, size);
  const [red, green, blue] = [f(0.2989), f(0.587), f(0.114)];
  for (let i = 0; i < size; i++) {
    grey[i] = f(f(f(red * data[i]!) + f(green * data[size + i]!)) + f(blue * data[2 * size + i]!));
  }
  return grey;
}

/** ratio * image + (1 - ratio) * other, kept in range. `other` has a number for each pixel of a channel, or is one. */
function blend(
  { data, channels, height, width, dtype }: Parts,
  other: ArrayLike<number> | number,
  ratio: number,
): Image {
  const bound = dtype === "uint8" ? 255 : 1;
  const [own, rest] = [f(ratio), f(1 - ratio)];
  const out = allocate(dtype, data.length);
  const size = height * width;
  for (let i = 0; i < data.length; i++) {
    const base = typeof other === "number" ? other : other[i % size]!;
    const mixed = f(f(own * data[i]!) + f(rest * base));
    out[i] = mixed < 0 ? 0 : mixed > bound ? bound : mixed; // NaN stays NaN
  }
  return imageOf(out, channels, height, width);
}

/**
 * Grey of a colour image, 0.2989 r + 0.587 g + 0.114 b: [1, H, W], or three equal channels.
 * @throws ShapeError unless the image has 1 or 3 channels; OutOfRangeError for another number of output channels
 */
export function rgbToGrayscale(
  image: Image,
  { numOutputChannels = 1 }: { readonly numOutputChannels?: 1 | 3 } = {},
): Image {
  const parts = colours("rgbToGrayscale", image);
  if (numOutputChannels !== 1 && numOutputChannels !== 3) {
    throw new OutOfRangeError("rgbToGrayscale", `numOutputChannels must be 1 or 3, got ${numOutputChannels}`);
  }
  const grey = luma(parts);
  const out = allocate(parts.dtype, grey.length * numOutputChannels);
  for (let c = 0; c < numOutputChannels; c++) out.set(grey, c * grey.length);
  return imageOf(out, numOutputChannels, parts.height, parts.width);
}

/** Brighter or darker: factor * x, 1 is the image itself. */
export function adjustBrightness(image: Image, brightnessFactor: number): Image {
  const factor = factorOf("adjustBrightness", brightnessFactor);
  return blend(colours("adjustBrightness", image), 0, factor);
}

/** More or less different from the mean of its grey: 0 is all grey, 1 the image itself. */
export function adjustContrast(image: Image, contrastFactor: number): Image {
  const parts = colours("adjustContrast", image);
  const factor = factorOf("adjustContrast", contrastFactor);
  const grey = luma(parts);
  let sum = 0;
  for (const value of grey) sum += value;
  return blend(parts, f(sum / grey.length), factor);
}

/** More or less colourful: 0 is grey, 1 the image itself. A grey image stays as it is. */
export function adjustSaturation(image: Image, saturationFactor: number): Image {
  const parts = colours("adjustSaturation", image);
  const factor = factorOf("adjustSaturation", saturationFactor);
  return parts.channels === 1 ? image : blend(parts, luma(parts), factor);
}

/**
 * Colours moved around the wheel: by `hueFactor` of a whole turn, -0.5 to 0.5. A grey image stays as it is.
 * @throws OutOfRangeError for other factors
 */
export function adjustHue(image: Image, hueFactor: number): Image {
  const parts = colours("adjustHue", image);
  if (!(hueFactor >= -0.5 && hueFactor <= 0.5)) {
    throw new OutOfRangeError("adjustHue", `hueFactor must be from -0.5 to 0.5, got ${hueFactor}`);
  }
  if (parts.channels === 1) return image;
  const { data, height, width, dtype } = parts;
  const size = height * width;
  const out = allocate(dtype, data.length);
  const unit = dtype === "uint8" ? 255 : 1;
  for (let i = 0; i < size; i++) {
    const [r, g, b] = [f(data[i]! / unit), f(data[size + i]! / unit), f(data[2 * size + i]! / unit)];
    const value = Math.max(r, g, b); // NaN if one of them is
    const range = f(value - Math.min(r, g, b));
    const saturation = range === 0 ? 0 : f(range / value);
    const turned = f(hueOf(r, g, b, value, range) + f(hueFactor));
    const hue = f(turned - Math.floor(turned));
    colourOf(hue, saturation, value).forEach((colour, c) => {
      out[c * size + i] = f(colour * unit);
    });
  }
  return imageOf(out, 3, height, width);
}

/** Place on the colour wheel, from 0 to 1. */
function hueOf(r: number, g: number, b: number, value: number, range: number): number {
  if (range === 0) return 0;
  const [toR, toG, toB] = [f(f(value - r) / range), f(f(value - g) / range), f(f(value - b) / range)];
  const sixths = value === r ? f(toB - toG) : value === g ? f(f(2 + toR) - toB) : f(f(4 + toG) - toR);
  return f(f(f(sixths / 6) + 1) % 1);
}

/** Red, green and blue of hue, saturation and value. */
function colourOf(hue: number, saturation: number, value: number): readonly [r: number, g: number, b: number] {
  const sixth = Math.floor(f(hue * 6));
  const part = f(f(hue * 6) - sixth);
  const p = unit(f(value * f(1 - saturation)));
  const q = unit(f(value * f(1 - f(saturation * part))));
  const t = unit(f(value * f(1 - f(saturation * f(1 - part)))));
  switch (sixth % 6) {
    case 0:
      return [value, t, p];
    case 1:
      return [q, value, p];
    case 2:
      return [p, value, t];
    case 3:
      return [p, q, value];
    case 4:
      return [t, p, value];
    default:
      return [value, p, q];
  }
}

function unit(x: number): number {
  return x < 0 ? 0 : x > 1 ? 1 : x;
}
