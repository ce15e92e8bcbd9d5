// mixup, cutmix and cutout: what they make, the numbers they draw, their labels, and their life in a compiled step.

import { beforeEach, describe, expect, test } from "vitest";
import { sampleBeta } from "../../../src/data/augment/beta.js";
import { compile, data, F, Generator, manualSeed, type Tensor, tensor, zeros } from "../../../src/index.js";
import { openDevice } from "../../device.js";

const { mixup, cutmix, cutout } = data.augment;

beforeEach(async () => void (await openDevice()));

const N = 6;
/** Image n is n + 1 everywhere. */
const flat = (h = 8, w = 10): Tensor => zeros([N, 2, h, w]).add(tensor([1, 2, 3, 4, 5, 6]).reshape([N, 1, 1, 1]));
const labels = (): Tensor => tensor([0, 1, 2, 3, 4, 5], { dtype: "int32" });
const read = async (x: Tensor): Promise<number[]> => Array.from(await x.data());

/** Of soft labels: for each sample its own share, and whom it is mixed with. */
function partners(soft: number[]): { share: number; partner: number }[] {
  return Array.from({ length: N }, (_, n) => {
    const row = soft.slice(n * N, (n + 1) * N);
    const partner = row.findIndex((p, k) => p > 0 && k !== n);
    return { share: row[n]!, partner: partner < 0 ? n : partner };
  });
}

describe("beta", () => {
  /** Cumulative distribution of Beta(alpha, alpha) where it has a closed form. */
  const cdf: Readonly<Record<number, (x: number) => number>> = {
    0.5: (x) => (2 / Math.PI) * Math.asin(Math.sqrt(x)), // the arcsine law
    1: (x) => x,
    2: (x) => x * x * (3 - 2 * x),
  };

  test.each([0.5, 1, 2])("alpha = %s: the distribution (Kolmogorov and Smirnov)", async (alpha) => {
    const count = 4000;
    const sorted = (await read(sampleBeta("test", alpha, [count]))).sort((a, b) => a - b);
    const distance = Math.max(...sorted.map((x, i) => Math.abs(cdf[alpha]!(x) - (i + 0.5) / count)));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count)); // exceeded once in 1000 times
  });

  test.each([0.02, 0.2, 8])("alpha = %s: mean 1/2, variance 1 / (8 alpha + 4), no NaN", async (alpha) => {
    const values = await read(sampleBeta("test", alpha, [4000]));
    expect(values.every((x) => x >= 0 && x <= 1)).toBe(true);
    const mean = values.reduce((a, b) => a + b) / 4000;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4000;
    expect(mean).toBeCloseTo(0.5, 1);
    expect(variance * (8 * alpha + 4)).toBeCloseTo(1, 1);
  });
});

test("mixup mixes each image with another one, and labels by the same share", async () => {
  const [mixed, soft] = mixup(flat(), labels(), { alpha: 1, numClasses: N });
  const pixels = await read(mixed);
  const pairs = partners(await read(soft));
  expect([soft.shape, soft.dtype]).toEqual([[N, N], "float32"]);
  expect(pairs.map(({ partner }) => partner).sort()).toEqual([0, 1, 2, 3, 4, 5]); // an order of the batch
  const share = pairs.find(({ partner }, n) => partner !== n)!.share;
  pairs.forEach(({ partner }, n) => {
    const wanted = share * (n + 1) + (1 - share) * (partner + 1);
    for (const pixel of pixels.slice(n * 160, (n + 1) * 160)) expect(pixel).toBeCloseTo(wanted, 4);
  });
});

test("cutmix replaces a box, and mixes labels by the area of what is left of it", async () => {
  let clipped = 0;
  for (let seed = 0; seed < 8; seed++) {
    const generator = new Generator(seed);
    const [mixed, soft] = cutmix(flat(), labels(), { numClasses: N, generator });
    const pixels = await read(mixed);
    const pairs = partners(await read(soft));
    pairs.forEach(({ share, partner }, n) => {
      const image = pixels.slice(n * 160, n * 160 + 80); // the first of two equal channels
      expect(pixels.slice(n * 160 + 80, (n + 1) * 160)).toEqual(image);
      if (partner === n) return;
      const inside = image.flatMap((value, i) => (value === n + 1 ? [] : [[Math.floor(i / 10), i % 10, value]]));
      expect(inside.every(([, , value]) => value === partner + 1)).toBe(true);
      const side = (k: 0 | 1): number => new Set(inside.map((at) => at[k])).size;
      expect(inside.length).toBe(side(0) * side(1)); // a box
      expect(share).toBeCloseTo(1 - inside.length / 80, 5);
      if (inside.some(([y, x]) => y === 0 || x === 0)) clipped++;
    });
  }
  expect(clipped).toBeGreaterThan(0);
});

test("cutmix's box has the area of 1 - lambda where it is not cut off", async () => {
  // lambda is the first draw of the generator, so it can be had from another one with its seed.
  for (let seed = 0; seed < 6; seed++) {
    const [lambda] = await read(sampleBeta("test", 1, [1], new Generator(seed)));
    const [, soft] = cutmix(flat(100, 100), labels(), { numClasses: N, generator: new Generator(seed) });
    const shares = partners(await read(soft)).filter(({ partner }, n) => partner !== n);
    const area = 1 - shares[0]!.share;
    expect(area).toBeLessThanOrEqual(1 - lambda! + 1e-6); // at most: half a pixel is cut off, and what is outside
    expect(area).toBeGreaterThan((Math.sqrt(1 - lambda!) / 2 - 0.03) ** 2); // a quarter is always inside
  }
});

test("cutout leaves a square out of each image, some of it outside", async () => {
  const sizes = new Set<number>();
  const places = new Set<string>();
  for (let seed = 0; seed < 4; seed++) {
    const pixels = await read(cutout(flat(), { length: 4, generator: new Generator(seed) }));
    for (let n = 0; n < N; n++) {
      const image = pixels.slice(n * 160, n * 160 + 80);
      expect(image.every((value) => value === 0 || value === n + 1)).toBe(true);
      const holes = image.flatMap((value, i) => (value === 0 ? [[Math.floor(i / 10), i % 10]] : []));
      const [rows, columns] = [0, 1].map((k) => new Set(holes.map((at) => at[k])).size) as [number, number];
      expect(holes.length).toBe(rows * columns);
      expect(rows >= 2 && rows <= 4 && columns >= 2 && columns <= 4).toBe(true); // the centre is inside
      sizes.add(holes.length);
      places.add(String(holes[0]));
    }
  }
  expect(sizes.has(16)).toBe(true);
  expect(sizes.size).toBeGreaterThan(1);
  expect(places.size).toBeGreaterThan(10); // each image has its own
});

test("alpha = 0 mixes nothing, and labels may be soft already", async () => {
  const given = tensor([
    [0.5, 0.5],
    [1, 0],
    [0, 1],
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  const [images, soft] = mixup(flat(), given, { alpha: 0 });
  expect(await read(images)).toEqual(await read(flat()));
  expect(await read(soft)).toEqual(await read(given));
  expect(await read(cutmix(flat(), given, { alpha: 0 })[0])).toEqual(await read(flat()));
});

test("a seed repeats them", async () => {
  const draw = async (): Promise<number[]> => [
    ...(await read(mixup(flat(), labels(), { numClasses: N })[0])),
    ...(await read(cutmix(flat(), labels(), { numClasses: N })[0])),
    ...(await read(cutout(flat(), { length: 3 }))),
  ];
  manualSeed(5);
  const first = await draw();
  expect(await draw()).not.toEqual(first);
  manualSeed(5);
  expect(await draw()).toEqual(first);
});

test("in a compiled step each replay draws anew, as the step itself would", async () => {
  const weights = tensor([
    [1, 0, 2, 0, 3, 0],
    [0, 1, 0, 2, 0, 3],
  ]);
  const step = (images: Tensor, target: Tensor): Tensor => {
    const [a, b] = mixup(images, target, { numClasses: N, alpha: 0.4 });
    const [c, d] = cutmix(cutout(a, { length: 3 }), b);
    return F.crossEntropy(c.mean([2, 3]).matmul(weights), d);
  };
  const run = async (body: typeof step): Promise<number[]> => {
    manualSeed(3);
    const losses: number[] = [];
    for (let i = 0; i < 6; i++) losses.push(await body(flat(), labels()).item());
    return losses;
  };
  const eager = await run(step);
  const replayed = await run(compile(step));
  expect(new Set(eager).size).toBe(6);
  replayed.forEach((loss, i) => expect(loss).toBeCloseTo(eager[i]!, 4));
});

test.each<[string, () => unknown, string]>([
  ["no classes", () => mixup(flat(), labels()), "mixup: labels that are class indices need numClasses"],
  [
    "fewer labels",
    () => cutmix(flat(), tensor([1], { dtype: "int32" }), { numClasses: 2 }),
    "there is not one label for each image",
  ],
  [
    "float indices",
    () => mixup(flat(), zeros([N]), { numClasses: 2 }),
    'labels [N] are class indices, and these are float32: use .to("int32")',
  ],
  [
    "a single image",
    () => cutout(zeros([3, 8, 8]), { length: 2 }),
    "cutout: shape [3, 8, 8]: a batch of images has four dimensions",
  ],
  ["half a pixel", () => cutout(flat(), { length: 1.5 }), "cutout: length must be a whole number from 0 on, got 1.5"],
  [
    "a negative alpha",
    () => mixup(flat(), labels(), { alpha: -1, numClasses: N }),
    "mixup: alpha must be a number from 0 on, got -1",
  ],
])("%s is refused", (_, body, message) => {
  expect(body).toThrow(message);
});
