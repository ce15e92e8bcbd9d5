import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { data } from "../../src/index.js";
import { openDevice } from "../device.js";

await openDevice();

test("an image is a function of the seed and its index alone", async () => {
  const few = new data.SyntheticDigits({ length: 20, seed: 3 });
  const more = new data.SyntheticDigits({ length: 50, seed: 3 });
  expect(few.images).toEqual(more.images.subarray(0, 20 * 28 * 28));
  expect(few.labels).toEqual(more.labels.subarray(0, 20));
  const [image] = more.getItem(7); // drawn by itself
  const pixels = Float32Array.from(few.images.subarray(7 * 784, 8 * 784), (grey) => grey / 255);
  expect(await image.data()).toEqual(pixels);
  expect(new data.SyntheticDigits({ length: 20, seed: 4 }).images).not.toEqual(few.images);
});

test("the same images on every machine", () => {
  const { images, labels } = new data.SyntheticDigits({ length: 100, seed: 0 });
  expect(createHash("sha256").update(images).update(labels).digest("hex").slice(0, 16)).toBe("fef1298c61dbb297");
});

test("an image has a white border, black ink and noise", () => {
  const { images, labels } = new data.SyntheticDigits({ length: 500, seed: 0 });
  const counts = new Array<number>(10).fill(0);
  for (const [i, label] of labels.entries()) {
    counts[label]!++;
    const image = images.subarray(i * 784, (i + 1) * 784);
    const inked = image.filter((grey) => grey > 128).length / 784;
    expect(inked).toBeGreaterThan(0.02); // MNIST's own lie between 2% and 38%
    expect(inked).toBeLessThan(0.4);
    expect(Math.max(...image)).toBeGreaterThan(150);
  }
  expect(Math.min(...counts)).toBeGreaterThan(25); // about 50 of each
});

test("batches are stacked samples", async () => {
  const set = new data.SyntheticDigits({ length: 10 });
  const [images, labels] = set.getBatch(Int32Array.of(4, 2));
  expect([images.shape, images.dtype, labels.shape, labels.dtype]).toEqual([[2, 1, 28, 28], "float32", [2], "int32"]);
  const [four, label] = set.getItem(4);
  expect(await images.select(0, 0).data()).toEqual(await four.data());
  expect(await labels.toArray()).toEqual([label, set.labels[2]]);
});

test("an index or a length that cannot be is an error", () => {
  expect(() => new data.SyntheticDigits({ length: 3 }).getItem(3)).toThrow(
    "SyntheticDigits: index 3 is not among its 3 samples",
  );
  expect(() => new data.SyntheticDigits({ length: 2.5 })).toThrow("length must be a whole number");
  expect(() => new data.SyntheticDigits({ seed: -1 })).toThrow("seed must be a whole number");
});
