// Transforms of transforms, and what transforms refuse.

import { expect, test } from "vitest";
import { hostArray, transforms } from "../../../src/data/host.js";

const { Compose, Lambda, Normalize, Pad, Resize, ToTensor, functional: F } = transforms;
const bytes = hostArray(Uint8Array.of(0, 51, 102, 255), { shape: [1, 2, 2] });

test("Compose hands on what a transform returns, whatever that is", () => {
  const chain = new Compose<typeof bytes, number>([
    new Pad(1),
    F.hflip,
    new ToTensor(),
    new Lambda((image: transforms.Image) => Array.from(image.data).reduce((a, b) => a + b)),
  ]);
  expect(chain.forward(bytes)).toBeCloseTo(1.6, 6); // (51 + 102 + 255) / 255
  expect(new Compose([]).forward(bytes)).toBe(bytes);
});

test("ToTensor makes fractions of bytes, leaves fractions alone, and gives grey images a channel", () => {
  const image = new ToTensor().forward(hostArray(Uint8Array.of(0, 255), { shape: [1, 2] }));
  expect([image.shape, image.dtype, ...image.data]).toEqual([[1, 1, 2], "float32", 0, 1]);
  expect(F.toTensor(image)).toBe(image);
});

test("NaN stays NaN", () => {
  const nan = hostArray(Float32Array.of(Number.NaN, 0.25, 0.5), { shape: [3, 1, 1] });
  expect([...F.adjustBrightness(nan, 2).data]).toEqual([Number.NaN, 0.5, 1]);
  expect(F.adjustHue(nan, 0.1).data.some(Number.isNaN)).toBe(true);
  expect(F.rgbToGrayscale(nan).data[0]).toBeNaN();
  expect(F.normalize(nan, 0, 1).data[0]).toBeNaN();
});

test.each<[string, () => unknown, string]>([
  [
    "a tensor's shape",
    () => F.hflip(hostArray(new Float32Array(4), { shape: [2, 2] })),
    "hflip: shape [2, 2]: an image has three dimensions, [C, H, W]",
  ],
  [
    "another dtype",
    () => F.vflip(hostArray(new Int32Array(4), { shape: [1, 2, 2] })),
    "vflip: takes uint8 or float32 images, got int32",
  ],
  [
    "no image",
    () => F.crop([1, 2] as never, 0, 0, 1, 1),
    "crop: takes an image on the host, a HostArray [C, H, W], got [1, 2]",
  ],
  [
    "bytes to normalise",
    () => new Normalize(0.5, 0.5).forward(bytes),
    "normalize: takes float32 images, got uint8 (use ToTensor first)",
  ],
  [
    "means of other channels",
    () => F.normalize(F.toTensor(bytes), [1, 2], [1, 2]),
    "normalize: shape [1, 2, 2]: mean has 2 numbers for 1 channels",
  ],
  ["a std of 0", () => F.normalize(F.toTensor(bytes), 0, 0), "normalize: a std is 0, which would divide by zero"],
  [
    "a mirror larger than the image",
    () => F.pad(bytes, 2, { paddingMode: "reflect" }),
    "pad: shape [1, 2, 2]: its width 2 is too small to be mirrored into margins of 2 and 2: reflect needs 3",
  ],
  ["a fill that is no byte", () => F.pad(bytes, 2, { fill: -1 }), "pad: fill must be a number from 0 to 255, got -1"],
  [
    "margins of three",
    () => new Pad([1, 2, 3] as never),
    "pad: padding must be 1, 2 or 4 whole numbers, got [1, 2, 3]",
  ],
  [
    "another mode",
    () => new Pad(1, { paddingMode: "wrap" as never }),
    'Pad: paddingMode "wrap" is not known; there are "constant", "edge", "reflect" and "symmetric"',
  ],
  [
    "another interpolation",
    () => new Resize(3, { interpolation: "bicubic" as never }),
    'Resize: interpolation must be "nearest" or "bilinear", got "bicubic"',
  ],
  [
    "a size of nothing",
    () => F.resize(bytes, 0),
    "resize: size must be that of the shorter side, or [height, width], in whole pixels from 1 on, got 0",
  ],
  [
    "maxSize with two sizes",
    () => F.resize(bytes, [3, 3], { maxSize: 5 }),
    "resize: maxSize is for a size that is one number",
  ],
  ["a small maxSize", () => F.resize(bytes, 3, { maxSize: 3 }), "resize: maxSize 3 must be above size 3"],
  [
    "antialiased nearest",
    () => F.resize(bytes, 3, { interpolation: "nearest", antialias: true }),
    "resize: antialias is for bilinear",
  ],
  [
    "two channels' hue",
    () => F.adjustHue(hostArray(new Uint8Array(2), { shape: [2, 1, 1] }), 0),
    "adjustHue: shape [2, 1, 1]: takes images of 1 or 3 channels, and this one has 2",
  ],
  ["a far hue", () => F.adjustHue(bytes, 0.6), "adjustHue: hueFactor must be from -0.5 to 0.5, got 0.6"],
  ["a negative factor", () => F.adjustContrast(bytes, -1), "adjustContrast: the factor must not be negative, got -1"],
  ["an even kernel", () => new transforms.GaussianBlur(4), "GaussianBlur: kernelSize must be odd, got 4 and 4"],
  ["a kernel beyond the mirror", () => F.gaussianBlur(bytes, 5), "gaussianBlur: shape [1, 2, 2]: is too small"],
  ["sigma 0", () => new transforms.GaussianBlur(3, { sigma: 0 }), "GaussianBlur: sigma must be a range [low, high]"],
  ["a probability of 2", () => new transforms.RandomErasing({ p: 2 }), "RandomErasing: p must be from 0 to 1, got 2"],
  [
    "normal bytes",
    () => new transforms.RandomErasing({ p: 1, value: "random" }).forward(bytes),
    'RandomErasing: value "random" needs a float32 image',
  ],
  [
    "a negative angle",
    () => new transforms.RandomRotation(-3),
    "RandomRotation: degrees must not be negative if it is a single number, got -3",
  ],
  [
    "three shears",
    () => new transforms.RandomAffine(0, { shear: [1, 2, 3] as never }),
    "RandomAffine: shear must be a number, or an array of 2 or 4, got 3 numbers",
  ],
  [
    "a far translation",
    () => new transforms.RandomAffine(0, { translate: [2, 0] }),
    "RandomAffine: translate must be two shares from 0 to 1, got [2,0]",
  ],
  ["no scale", () => F.affine(bytes, 0, [0, 0], 0, 0), "affine: scale must be positive, got 0"],
  [
    "fills of other channels",
    () => F.rotate(bytes, 3, { fill: [1, 2] }),
    "rotate: shape [1, 2, 2]: fill has 2 numbers for 1 channels",
  ],
  [
    "a jitter backwards",
    () => new transforms.ColorJitter({ hue: [0.2, 0.1] }),
    "ColorJitter: hue must be a range [low, high] between -0.5 and 0.5, got [0.2, 0.1]",
  ],
  [
    "what is no transform",
    () => new Compose([F.hflip, 3 as never]),
    "Compose: takes an array of transforms or functions, got 3 at 1",
  ],
])("%s is refused", (_, body, message) => {
  expect(body).toThrow(message);
});
