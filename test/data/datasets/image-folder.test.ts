// Pictures in folders, through the PNG and JPEG decoders.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32, deflateSync } from "node:zlib";
import { encode as encodePng, type ImageData } from "fast-png";
import jpeg from "jpeg-js";
import { afterAll, expect, test } from "vitest";
import { data, FileFormatError } from "../../../src/index.js";
import { openDevice } from "../../device.js";

const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
afterAll(() => rmSync(temporary, { recursive: true }));

function folder(files: Readonly<Record<string, Uint8Array | string>>): string {
  const root = mkdtempSync(join(temporary, "pictures-"));
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(`${root}/${name}`), { recursive: true });
    writeFileSync(`${root}/${name}`, bytes);
  }
  return root;
}

test("samples are in torchvision's order, links followed", async () => {
  const names = ["cat-big/1.png", "cat/z.png", "cat/b/x.png", "cat/a.png", "cat/b-c/y.png", "cat/b/d/w.png"];
  const root = folder(Object.fromEntries(names.map((name) => [name, ""])));
  symlinkSync(`${root}/cat/a.png`, `${root}/cat/m.png`);
  symlinkSync(`${root}/cat-big`, `${root}/dog`);
  symlinkSync(root, `${root}/cat-big/up`); // does not end
  const { classes, samples } = await data.ImageFolder.load(root);
  expect(classes).toEqual(["cat", "cat-big", "dog"]);
  expect(samples.map(([path, label]) => [path.slice(root.length + 1), label])).toEqual([
    ["cat/a.png", 0],
    ["cat/m.png", 0],
    ["cat/z.png", 0],
    ["cat/b/x.png", 0],
    ["cat/b-c/y.png", 0],
    ["cat/b/d/w.png", 0],
    ["cat-big/1.png", 1],
    ["dog/1.png", 2],
  ]);
});

const png = (channels: number, pixels: number[], depth: 8 | 16 = 8): Uint8Array => {
  const array = depth === 8 ? Uint8Array.from(pixels) : Uint16Array.from(pixels);
  const image = { width: pixels.length / channels, height: 1, channels, depth, data: array };
  return encodePng(image as ImageData);
};
/** A grey gradient from left to right, which JPEG keeps nearly as it is. */
const gradient = jpeg.encode(
  {
    width: 16,
    height: 8,
    data: Buffer.from(Array.from({ length: 512 }, (_, i) => (i % 4 === 3 ? 255 : 16 * ((i >> 2) % 16)))),
  },
  95,
).data;
const rgb = png(3, [1, 2, 3, 4, 5, 6]);

test("classes are folders in alphabetical order, pictures are sorted, and other files do not count", async () => {
  const root = folder({
    "dog/b.png": rgb,
    "cat/deep/2.jpeg": gradient,
    "cat/1.JPG": gradient,
    "dog/a.txt": "",
    "top.png": rgb,
  });
  const set = await data.ImageFolder.load(root);
  expect(set.classes).toEqual(["cat", "dog"]);
  expect(set.samples).toEqual([
    [`${root}/cat/1.JPG`, 0],
    [`${root}/cat/deep/2.jpeg`, 0],
    [`${root}/dog/b.png`, 1],
  ]);
  const [image, label] = await set.getItem(2);
  expect([image.shape, label]).toEqual([[3, 1, 2], 1]);
  expect([...image.data]).toEqual([1, 4, 2, 5, 3, 6].map((byte) => Math.fround(byte / 255)));
});

test("every kind of picture has three channels of bytes", async () => {
  const root = folder({
    "a/grey.png": png(1, [10, 20]),
    "a/greyAlpha.png": png(2, [10, 0, 20, 255]),
    "a/rgba.png": png(4, [1, 2, 3, 9, 4, 5, 6, 0]),
    "a/sixteen.png": png(1, [2560, 5375], 16),
  });
  const set = await data.ImageFolder.load(root, { transform: (image: data.transforms.Image) => [...image.data] });
  const pictures = await Promise.all(set.samples.map(async (_, i) => (await set.getItem(i))[0]));
  const grey = [10, 20, 10, 20, 10, 20];
  expect(pictures).toEqual([grey, grey, [1, 4, 2, 5, 3, 6], grey]);
});

/** A PNG of rows that are packed already, which fast-png does not encode. */
function packedPng(width: number, depth: number, ...rows: number[][]): Buffer {
  const chunk = (type: string, bytes: Uint8Array): Buffer => {
    const [length, body, sum] = [Buffer.alloc(4), Buffer.concat([Buffer.from(type), bytes]), Buffer.alloc(4)];
    length.writeUInt32BE(bytes.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, rows.length, depth, 0, 0, 0, 0]); // grey
  const pixels = deflateSync(Uint8Array.from(rows.flatMap((row) => [0, ...row]))); // unfiltered
  const start = Buffer.from("89504e470d0a1a0a", "hex");
  const chunks = [chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([start, ...chunks]);
}

test.each<[number, number, number[][], number[]]>([
  [1, 3, [[0b10100000], [0b01000000]], [255, 0, 255, 0, 255, 0]],
  [
    2,
    5,
    [
      [0b00011011, 0b11000000],
      [0b11000000, 0b01000000],
    ],
    [0, 85, 170, 255, 255, 255, 0, 0, 0, 85],
  ],
  [
    4,
    3,
    [
      [0x0f, 0x50],
      [0xa1, 0xf0],
    ],
    [0, 255, 85, 170, 17, 255],
  ],
])("greys of %i bits fill a byte", async (depth, width, rows, greys) => {
  const set = await data.ImageFolder.load(folder({ "a/1.png": packedPng(width, depth, ...rows) }));
  const [image] = await set.getItem(0);
  expect(image.shape).toEqual([3, 2, width]);
  expect(Array.from(image.data, (value) => Math.round(value * 255))).toEqual([...greys, ...greys, ...greys]);
});

test("a JPEG is what it was, nearly", async () => {
  const set = await data.ImageFolder.load(folder({ "a/1.jpg": gradient }));
  const [image] = await set.getItem(0);
  expect(image.shape).toEqual([3, 8, 16]);
  image.data.forEach((value, i) => expect(Math.abs(value * 255 - 16 * (i % 16))).toBeLessThan(4));
});

test("a random transform repeats with the seed although reading waits", async () => {
  await openDevice();
  const { RandomCrop } = data.transforms;
  const root = folder({ "a/1.jpg": gradient, "a/2.jpg": gradient });
  const set = await data.ImageFolder.load(root, { transform: new RandomCrop(4) });
  const epoch = async (): Promise<number[][]> => {
    const batches: number[][] = [];
    const collateFn = (samples: readonly (readonly [{ data: ArrayLike<number> }, number])[]) =>
      samples.map(([image]) => image.data[0]!);
    const options = { batchSize: 2, collateFn, generator: new data.Generator(3) };
    for await (const batch of new data.DataLoader(set, options)) batches.push(batch as number[]);
    return batches;
  };
  expect(await epoch()).toEqual(await epoch());
});

const huge = Buffer.from(rgb);
huge.writeUInt32BE(100_000, 16);
huge.writeUInt32BE(100_000, 20);
test.each<[string, Uint8Array | string, string]>([
  ["neither PNG nor JPEG", "<html>", "is neither PNG nor JPEG by its first bytes"],
  ["a truncated PNG", rgb.subarray(0, 50), "cannot be decoded: "],
  ["a truncated JPEG", gradient.subarray(0, 100), "cannot be decoded: "],
  ["a PNG without pixels", packedPng(0, 8, [], []), "cannot be decoded: a picture of 0 x 2 pixels has none"],
  ["a bomb", huge, "cannot be decoded: 100000 x 100000 pixels are more than 178956970"],
])("refused: %s", async (_, bytes, message) => {
  const root = folder({ "a/picture.png": bytes });
  const set = await data.ImageFolder.load(root);
  await expect(set.getItem(0)).rejects.toThrow(FileFormatError);
  await expect(set.getItem(0)).rejects.toThrow(`${root}/a/picture.png: ${message}`);
});

test("refused: folders without pictures, or none", async () => {
  await expect(data.ImageFolder.load(folder({ "a/x.txt": "", "b/1.png": rgb }))).rejects.toThrow(
    "there are no PNG or JPEG files in a",
  );
  const bare = folder({ "b/1.png": rgb });
  mkdirSync(`${bare}/a`);
  await expect(data.ImageFolder.load(bare)).rejects.toThrow("there are no PNG or JPEG files in a");
  await expect(data.ImageFolder.load(folder({ "1.png": rgb }))).rejects.toThrow("has no folders of pictures");
  await expect(data.ImageFolder.load("nowhere")).rejects.toThrow("nowhere: there is no such folder");
});
