// Random transforms: what they choose, how often, and from which stream.

import { beforeEach, describe, expect, test } from "vitest";
import { hostArray, transforms } from "../../../src/data/host.js";
import { generatorAt, withSampleGenerator } from "../../../src/data/sample-stream.js";
import type { Transform } from "../../../src/data/transforms/transform.js";
import { manualSeed } from "../../../src/index.js";

const { RandomAffine, RandomCrop, RandomErasing, RandomResizedCrop, RandomRotation, ColorJitter, GaussianBlur } =
  transforms;

const ramp = (c: number, h: number, w: number) =>
  hostArray(
    Float32Array.from({ length: c * h * w }, (_, i) => (i + 1) / (c * h * w)),
    { shape: [c, h, w] },
  );
const image = ramp(3, 8, 10);

beforeEach(() => void manualSeed(1));

/** Mean of `body` over many draws. */
function mean(count: number, body: () => number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += body();
  return sum / count;
}

const every: Readonly<Record<string, Transform>> = {
  RandomCrop: new RandomCrop(5, { padding: 2, paddingMode: "reflect" }),
  RandomResizedCrop: new RandomResizedCrop(6),
  RandomHorizontalFlip: new transforms.RandomHorizontalFlip(),
  RandomVerticalFlip: new transforms.RandomVerticalFlip({ p: 0.5 }),
  RandomRotation: new RandomRotation(40, { interpolation: "bilinear" }),
  RandomAffine: new RandomAffine(15, { translate: [0.2, 0.2], scale: [0.7, 1.3], shear: [-9, 9, -4, 4] }),
  ColorJitter: new ColorJitter({ brightness: 0.5, contrast: 0.5, saturation: 0.5, hue: 0.2 }),
  GaussianBlur: new GaussianBlur(3),
  RandomErasing: new RandomErasing({ value: "random" }),
  RandomApply: new transforms.RandomApply([new GaussianBlur([3, 5], { sigma: 1 })]),
};

describe.each(Object.entries(every))("%s", (_, transform) => {
  test("is a function of the sample's stream alone, and differs from sample to sample", () => {
    const at = (position: number): string =>
      withSampleGenerator(generatorAt(7, position), () => {
        const { data, shape } = transform.forward(image);
        return `${shape}: ${data}`;
      });
    const first = Array.from({ length: 12 }, (_, i) => at(i));
    transform.forward(image); // draws from the default generator
    expect(Array.from({ length: 12 }, (_, i) => at(11 - i)).reverse()).toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(1);
  });
});

describe("parameters", () => {
  test("RandomCrop: every place alike", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 4000; i++) {
      const [top, left, h, w] = RandomCrop.getParams(image, [7, 9]);
      expect([h, w]).toEqual([7, 9]);
      counts.set(`${top},${left}`, (counts.get(`${top},${left}`) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual(["0,0", "0,1", "1,0", "1,1"]);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(110); // 4 standard deviations
  });

  test("RandomResizedCrop: areas uniform, the logarithm of the ratio uniform, boxes inside", () => {
    const large = ramp(1, 200, 200);
    const areas: number[] = [];
    const ratios: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const [top, left, h, w] = RandomResizedCrop.getParams(large, [0.1, 0.5], [0.5, 2]);
      expect(Math.min(top, left, 200 - top - h, 200 - left - w)).toBeGreaterThanOrEqual(0);
      areas.push((h * w) / 40000);
      ratios.push(Math.log2(w / h));
    }
    expect(Math.min(...areas)).toBeGreaterThan(0.095);
    expect(Math.max(...areas)).toBeLessThan(0.505);
    expect(areas.reduce((a, b) => a + b) / 2000).toBeCloseTo(0.3, 1);
    expect(Math.max(...ratios.map(Math.abs))).toBeLessThan(1.05);
    expect(Math.abs(ratios.reduce((a, b) => a + b) / 2000)).toBeLessThan(0.06);
  });

  test("RandomResizedCrop: where nothing fits, the middle in the nearest ratio", () => {
    expect(RandomResizedCrop.getParams(ramp(1, 4, 40), [1, 1], [0.75, 1.25])).toEqual([0, 17, 4, 5]);
    expect(RandomResizedCrop.getParams(ramp(1, 40, 4), [1, 1], [0.75, 1.25])).toEqual([17, 0, 5, 4]); // 4 / 0.75
    expect(RandomResizedCrop.getParams(ramp(1, 3, 3), [9, 9], [0.75, 1.25])).toEqual([0, 0, 3, 3]);
  });

  test("RandomRotation and GaussianBlur: uniform in the range", () => {
    const angles = Array.from({ length: 2000 }, () => RandomRotation.getParams([-10, 30]));
    expect(Math.min(...angles)).toBeGreaterThanOrEqual(-10);
    expect(Math.max(...angles)).toBeLessThan(30);
    expect(Math.abs(angles.reduce((a, b) => a + b) / 2000 - 10)).toBeLessThan(1.1); // 4 * 40 / sqrt(12 * 2000)
    expect(mean(500, () => GaussianBlur.getParams([1, 2]))).toBeCloseTo(1.5, 1);
  });

  test("RandomAffine: whole pixels up to the share, scale and shear in their ranges, nothing that was not asked for", () => {
    const moves = new Set<number>();
    for (let i = 0; i < 500; i++) {
      const [angle, [x, y], scale, [sx, sy]] = RandomAffine.getParams(
        {
          degrees: [5, 6],
          translate: [0.1, 0],
          scale: [0.5, 0.75],
          shear: [
            [1, 2],
            [-3, -2],
          ],
        },
        [20, 30],
      );
      expect(angle >= 5 && angle < 6 && scale >= 0.5 && scale < 0.75).toBe(true);
      expect(sx >= 1 && sx < 2 && sy >= -3 && sy < -2).toBe(true);
      expect(y).toBe(0);
      moves.add(x + 0);
    }
    expect([...moves].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2]);
    expect(RandomAffine.getParams({ degrees: [0, 0] }, [9, 9])).toEqual([0, [0, 0], 1, [0, 0]]);
  });

  test("ColorJitter: a number is a range around 1, or around 0 for the hue; all orders", () => {
    const jitter = new ColorJitter({ brightness: 1.5, contrast: [0.2, 0.4], hue: 0.1 });
    expect(jitter.ranges).toEqual([[0, 2.5], [0.2, 0.4], undefined, [-0.1, 0.1]]);
    const orders = new Set<string>();
    for (let i = 0; i < 600; i++) {
      const { order, factors } = ColorJitter.getParams(jitter.ranges);
      orders.add(String(order));
      factors.forEach((factor, k) => {
        const range = jitter.ranges[k];
        if (range === undefined) expect(factor).toBeUndefined();
        else expect(factor! >= range[0] && factor! < range[1]).toBe(true);
      });
    }
    expect(orders.size).toBe(24);
    expect(new ColorJitter().forward(image)).toBe(image);
  });

  test("RandomErasing: smaller than the image, and of the area asked for", () => {
    const large = ramp(1, 100, 100);
    for (let i = 0; i < 500; i++) {
      const [top, left, h, w] = RandomErasing.getParams(large, [0.1, 0.2], [0.5, 2])!;
      expect(h * w).toBeGreaterThan(950);
      expect(h * w).toBeLessThan(2060);
      expect(h / w > 0.48 && h / w < 2.1).toBe(true);
      expect(top + h <= 100 && left + w <= 100).toBe(true);
    }
    expect(RandomErasing.getParams(ramp(1, 4, 4), [1, 1], [1, 1])).toBeUndefined();
  });

  test("p is how often", () => {
    const erased = new RandomErasing({ p: 0.25 });
    const flip = new transforms.RandomHorizontalFlip(0.7);
    const small = ramp(1, 3, 4);
    expect(Math.abs(mean(2000, () => Number(erased.forward(small) !== small)) - 0.25)).toBeLessThan(0.04);
    expect(Math.abs(mean(2000, () => Number(flip.forward(small) !== small)) - 0.7)).toBeLessThan(0.042);
    expect(new transforms.RandomVerticalFlip(0).forward(small)).toBe(small);
    expect(new transforms.RandomApply([transforms.functional.vflip], { p: 1 }).forward(small)).not.toBe(small);
  });
});

test("a hole may hold one value, one for each channel, or normal numbers", () => {
  const zeros = hostArray(new Float32Array(3 * 64), { shape: [3, 8, 8] });
  const options = { p: 1, scale: [0.4, 0.5], ratio: [1, 1] } as const;
  const channels = new RandomErasing({ ...options, value: [1, 2, 3] }).forward(zeros).data;
  const [area, ...counts] = [0, 1, 2, 3].map((value) => channels.filter((x) => x === value).length);
  expect(counts.every((count) => count > 0 && count === counts[0])).toBe(true);
  expect(area! + 3 * counts[0]!).toBe(192);
  const random = Array.from(new RandomErasing({ ...options, value: "random" }).forward(zeros).data).filter(
    (x) => x !== 0,
  );
  expect(Math.abs(random.reduce((a, b) => a + b, 0) / random.length)).toBeLessThan(0.6);
  expect(random.some((x) => x > 1) && random.some((x) => x < -1)).toBe(true);
});

test("RandomCrop gives a small image the margin it needs, if asked to", () => {
  const small = ramp(1, 3, 4);
  expect(new RandomCrop(6, { padIfNeeded: true }).forward(small).shape).toEqual([1, 6, 6]);
  expect(() => new RandomCrop(6).forward(small)).toThrow(
    "RandomCrop: shape [1, 3, 4]: the crop is larger: [6, 6] (give it a padding, or padIfNeeded: true)",
  );
});
