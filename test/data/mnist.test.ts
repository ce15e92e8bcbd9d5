// MNIST from files in its format.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { data, FileFormatError, OutOfRangeError } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { grey, idxFile, imagesFile, labelsFile, writeFiles } from "./idx-file.js";

const temporary = mkdtempSync(join(tmpdir(), "tapegrad-"));
beforeAll(openDevice);
afterAll(() => rmSync(temporary, { recursive: true }));

const IMAGES = "train-images-idx3-ubyte";
const LABELS = "train-labels-idx1-ubyte";
const images = imagesFile(3);
const labels = labelsFile(5, 0, 9);
const files = { [IMAGES]: images, [LABELS]: labels };

/** A new folder with these files; undefined leaves one out. */
function folderOf(contents: Readonly<Record<string, Uint8Array | string | undefined>>): string {
  const folder = mkdtempSync(join(temporary, "mnist-"));
  const present = Object.entries(contents).filter((entry): entry is [string, Uint8Array] => entry[1] !== undefined);
  writeFiles(folder, Object.fromEntries(present));
  return folder;
}

/** The pixels of an image from 0 to 1. */
function unit(image: number): Float32Array {
  return Float32Array.from({ length: 784 }, (_, pixel) => grey(image, pixel) / 255);
}

const readers: [string, (root: string, options?: data.MNISTOptions) => Promise<data.MNIST>][] = [
  ["new MNIST", async (root, options) => new data.MNIST(root, options)],
  ["MNIST.load", (root, options) => data.MNIST.load(root, options)],
];
describe.each(readers)("%s", (_, read) => {
  const layouts: [string, Record<string, Uint8Array>][] = [
    ["as they are", files],
    ["gzipped", { [`${IMAGES}.gz`]: gzipSync(images), [`${LABELS}.gz`]: gzipSync(labels) }],
    ["one gzipped, one not", { [`${IMAGES}.gz`]: gzipSync(images), [LABELS]: labels }],
    ["gzipped under a name that hides it", { [IMAGES]: gzipSync(images), [LABELS]: gzipSync(labels) }],
    ["where torchvision leaves them", { [`MNIST/raw/${IMAGES}`]: images, [`MNIST/raw/${LABELS}`]: labels }],
    [
      "there and gzipped",
      { [`MNIST/raw/${IMAGES}.gz`]: gzipSync(images), [`MNIST/raw/${LABELS}.gz`]: gzipSync(labels) },
    ],
  ];
  test.each(layouts)("reads files %s", async (_name, contents) => {
    const set = await read(folderOf(contents));
    expect([set.length, [...set.labels]]).toEqual([3, [5, 0, 9]]);
    expect(Buffer.compare(set.images, images.subarray(16))).toBe(0);
  });

  test("reads the other set if train is false", async () => {
    const root = folderOf({
      ...files,
      "t10k-images-idx3-ubyte": imagesFile(2),
      "t10k-labels-idx1-ubyte": labelsFile(7, 1),
    });
    expect([...(await read(root, { train: false })).labels]).toEqual([7, 1]);
    expect([...(await read(root, { train: true })).labels]).toEqual([5, 0, 9]);
  });

  test("takes a folder with a slash at its end, or with a name like a file's", async () => {
    expect(await read(`${folderOf(files)}/`)).toHaveLength(3);
    const root = folderOf({ [`like-idx3-ubyte/${IMAGES}`]: images, [`like-idx3-ubyte/${LABELS}`]: labels });
    expect(await read(`${root}/like-idx3-ubyte`)).toHaveLength(3);
  });

  test("says where it looked for a missing file, and how to download it", async () => {
    const root = join(temporary, "nowhere");
    const places = [root, `${root}/MNIST/raw`].flatMap((at) => [`${at}/${IMAGES}.gz`, `${at}/${IMAGES}`]).join(", ");
    await expect(read(root)).rejects.toThrow(
      `MNIST: there is no ${IMAGES}; looked for ${places} ` +
        `(download it: await data.MNIST.load("${root}", { train: true, download: true }))`,
    );
    await expect(read(folderOf(files), { train: false })).rejects.toThrow(
      /no t10k-images.*\{ train: false, download: true }/,
    );
  });

  const bad: [string, Record<string, Uint8Array | string | undefined>, string | RegExp][] = [
    ["there are no labels", { [LABELS]: undefined }, `MNIST: there is no ${LABELS}`],
    ["the images are truncated", { [IMAGES]: images.subarray(0, -1) }, `${IMAGES}: is truncated: 1 bytes are missing`],
    ["the labels are too long", { [LABELS]: Buffer.concat([labels, labels]) }, `${LABELS}: has 11 bytes too many`],
    [
      "the gzip data is cut",
      { [`${IMAGES}.gz`]: gzipSync(images).subarray(0, -9) },
      `${IMAGES}.gz: gzip data is truncated`,
    ],
    ["a file is empty", { [IMAGES]: "" }, `${IMAGES}: is truncated: its header takes 8 bytes, the file has 0`],
    [
      "a page was saved instead",
      { [IMAGES]: "<html>" },
      `${IMAGES}: is not an IDX file of unsigned bytes: it starts with 3c`,
    ],
    ["images are labels", { [IMAGES]: labels }, `${IMAGES}: holds [3], expected [N, 28, 28]`],
    ["labels are images", { [LABELS]: images }, `${LABELS}: holds [3, 28, 28], expected [N]`],
    ["images have another size", { [IMAGES]: imagesFile(3, 32) }, `${IMAGES}: holds [3, 32, 32], expected [N, 28, 28]`],
    ["images have colours", { [IMAGES]: idxFile([0, 28, 28, 3], []) }, "holds [0, 28, 28, 3], expected [N, 28, 28]"],
    [
      "there are fewer labels than images",
      { [LABELS]: labelsFile(1, 2) },
      /MNIST: .*-images-idx3-ubyte has 3 images, .*-labels-idx1-ubyte 2 labels: they do not belong together/,
    ],
    ["a label is no digit", { [LABELS]: labelsFile(5, 10, 255) }, `${LABELS}: label 1 is 10; digits go from 0 to 9`],
  ];
  test.each(bad)("refuses if %s", async (_name, contents, message) => {
    const set = read(folderOf({ ...files, ...contents }));
    await expect(set).rejects.toThrow(message);
    await expect(set).rejects.toBeInstanceOf(FileFormatError);
  });
});

describe("a sample", () => {
  const set = (): data.MNIST => new data.MNIST(folderOf(files));

  test("is an image from 0 to 1 and a label", async () => {
    const [image, label] = set().getItem(2);
    expect([image.shape, image.dtype, label]).toEqual([[1, 28, 28], "float32", 9]);
    const values = await image.data();
    expectClose(values, unit(2), 1e-7); // half an ulp of 1
    expect([Math.min(...values), Math.max(...values)]).toEqual([0, 1]); // greys 0 and 255 occur
  });

  test("is in a batch what it is by itself", async () => {
    const wanted = [
      { length: 2, indices: [0, 1] },
      { length: 1, indices: [2] },
    ];
    for await (const [x, y] of new data.DataLoader(set(), { batchSize: 2 })) {
      const { length, indices } = wanted.shift()!;
      expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[length, 1, 28, 28], "float32", [length], "int32"]);
      expectClose(
        await x.data(),
        indices.flatMap((i) => [...unit(i)]),
        1e-7,
      ); // as above
      expect(await y.toArray()).toEqual(indices.map((i) => [5, 0, 9][i]));
    }
    expect(wanted).toEqual([]);
  });

  test("goes through a subset too, with the same types", async () => {
    for await (const [x, y] of new data.DataLoader(new data.Subset(set(), [2, 0]), { batchSize: 2 })) {
      expect([x.shape, y.dtype, await y.toArray()]).toEqual([[2, 1, 28, 28], "int32", [9, 5]]);
      expectClose(await x.data(), [...unit(2), ...unit(0)], 1e-7); // as above
    }
  });

  test("may have a fraction for its label", async () => {
    const halves = new data.MNIST(folderOf(files), { targetTransform: (label) => label / 10 });
    for await (const [x, y] of new data.DataLoader(halves, { batchSize: 3 })) {
      expect([x.shape, y.dtype]).toEqual([[3, 1, 28, 28], "float32"]);
      expectClose(await y.data(), [0.5, 0, 0.9], 1e-7); // half an ulp of 1
    }
  });

  test.each([3, -1, 0.5, Number.NaN])("is out of range at index %s", (index) => {
    expect(() => set().getItem(index)).toThrow(OutOfRangeError);
    expect(() => set().getItem(index)).toThrow(`MNIST: index ${index} is not among its 3 samples`);
    // A loader asks for whole batches; an Int32Array holds 0.5 as 0.
    if (Number.isInteger(index)) expect(() => set().getBatch(Int32Array.of(0, index))).toThrow(OutOfRangeError);
  });
});

test("contents that are at hand already need no files, and must belong together", () => {
  const pixels = new Uint8Array(2 * 784);
  expect(new data.MNIST({ images: pixels, labels: Uint8Array.of(1, 2) })).toHaveLength(2);
  expect(() => new data.MNIST({ images: pixels, labels: Uint8Array.of(1, 2, 3) })).toThrow(
    "MNIST: 1568 pixels are not 28 x 28 for each of 3 labels",
  );
});
