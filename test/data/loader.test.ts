// DataLoader: which samples come, in which order, in which batches.

import { beforeAll, describe, expect, test } from "vitest";
import { data, Generator, manualSeed, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

/** Sample i is i. */
class Numbers extends data.Dataset<number> {
  constructor(readonly length: number) {
    super();
  }
  getItem(index: number): number {
    return index;
  }
}

beforeAll(openDevice);

/** One epoch, batch by batch. */
async function batches(loader: AsyncIterable<Tensor>): Promise<number[][]> {
  const all: number[][] = [];
  for await (const batch of loader) all.push((await batch.toArray()) as number[]);
  return all;
}

async function order(loader: AsyncIterable<Tensor>): Promise<number[]> {
  return (await batches(loader)).flat();
}

describe("batches", () => {
  const cases: [samples: number, batchSize: number, dropLast: boolean, wanted: string][] = [
    [5, 2, false, "01 23 4"],
    [5, 2, true, "01 23"],
    [4, 2, false, "01 23"],
    [4, 2, true, "01 23"],
    [2, 3, false, "01"],
    [2, 3, true, ""],
    [0, 3, false, ""],
  ];
  test.each(cases)("of %s samples, %s at a time, dropLast %s: %s", async (samples, batchSize, dropLast, wanted) => {
    const loader = new data.DataLoader(new Numbers(samples), { batchSize, dropLast });
    const epoch = async (): Promise<string> => (await batches(loader)).map((batch) => batch.join("")).join(" ");
    expect([await epoch(), await epoch()]).toEqual([wanted, wanted]);
    expect(loader.length).toBe((await batches(loader)).length);
  });

  test("hold one sample if nothing else is said", async () => {
    expect(await batches(new data.DataLoader(new Numbers(2)))).toEqual([[0], [1]]);
  });

  test.each([0, -1, 2.5, Number.NaN])("of %s samples are refused", (batchSize) => {
    expect(() => new data.DataLoader(new Numbers(5), { batchSize })).toThrow(
      `DataLoader: batchSize must be a whole number above 0, got ${batchSize}`,
    );
  });

  test("come from any object with getItem and length", async () => {
    const squares = { length: 3, getItem: (index: number) => index * index };
    expect(await order(new data.DataLoader(squares, { batchSize: 2 }))).toEqual([0, 1, 4]);
  });

  test("come from getBatch where there is one, unless there is a collateFn", async () => {
    const samples = {
      length: 3,
      getItem: (index: number) => index,
      getBatch: (indices: Int32Array) => `rows ${indices.join()}`,
    };
    const seen: unknown[] = [];
    for await (const batch of new data.DataLoader(samples, { batchSize: 2 })) seen.push(batch);
    for await (const batch of new data.DataLoader(samples, { batchSize: 2, collateFn: (x) => x })) seen.push(batch);
    expect(seen).toEqual(["rows 0,1", "rows 2", [0, 1], [2]]);
  });
});

describe("shuffle", () => {
  const shuffled = (seed: number, length = 1000): data.DataLoader<Numbers> =>
    new data.DataLoader(new Numbers(length), { batchSize: 64, shuffle: true, generator: new Generator(seed) });
  const sorted = Array.from({ length: 1000 }, (_, i) => i);

  test("reaches every index once, in another order every epoch", async () => {
    const loader = shuffled(0);
    const [first, second] = [await order(loader), await order(loader)];
    for (const epoch of [first, second]) {
      expect(epoch).not.toEqual(sorted);
      expect(epoch.toSorted((a, b) => a - b)).toEqual(sorted);
    }
    expect(first).not.toEqual(second);
  });

  test("repeats with the generator's seed, epoch by epoch", async () => {
    const [a, b, other] = [shuffled(7), shuffled(7), shuffled(8)];
    for (let epoch = 0; epoch < 3; epoch++) expect(await order(a)).toEqual(await order(b));
    expect(await order(other)).not.toEqual(await order(shuffled(7)));
  });

  test("follows manualSeed without a generator", async () => {
    const loader = new data.DataLoader(new Numbers(100), { batchSize: 10, shuffle: true });
    manualSeed(5);
    const first = await order(loader);
    manualSeed(5);
    expect(await order(loader)).toEqual(first);
    expect(await order(loader)).not.toEqual(first);
  });

  test("takes its numbers from nobody else", async () => {
    const before = manualSeed(0).state;
    await order(shuffled(1));
    expect(manualSeed(0).state).toEqual(before);
  });

  test("with dropLast leaves out other samples every epoch", async () => {
    const generator = new Generator(3);
    const loader = new data.DataLoader(new Numbers(10), { batchSize: 4, shuffle: true, dropLast: true, generator });
    const seen = new Set<number>();
    for (let epoch = 0; epoch < 10; epoch++) {
      const epochOrder = await order(loader);
      expect(new Set(epochOrder).size).toBe(8);
      for (const index of epochOrder) seen.add(index);
    }
    expect(seen.size).toBe(10);
  });

  test("gives every order the same chance", async () => {
    const loader = new data.DataLoader(new Numbers(3), { batchSize: 3, shuffle: true, generator: new Generator(0) });
    const counts = new Map<string, number>();
    for (let epoch = 0; epoch < 600; epoch++) {
      const key = (await order(loader)).join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    // 6 orders, 100 each on average, with standard deviation sqrt(600 * 1/6 * 5/6) = 9.1; four of those are 37
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(37);
  });

  test("of two loops at once gives each its own order", async () => {
    const loader = shuffled(0);
    const [a, b] = await Promise.all([order(loader), order(loader)]);
    expect(a.toSorted((x, y) => x - y)).toEqual(sorted);
    expect(b.toSorted((x, y) => x - y)).toEqual(sorted);
  });
});

describe("a loop over a loader", () => {
  test("may be left early and started again", async () => {
    const loader = new data.DataLoader(new Numbers(10), { batchSize: 2 });
    const seen: unknown[] = [];
    for await (const batch of loader) {
      seen.push(await batch.toArray());
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect(await order(loader)).toHaveLength(10);
  });

  test("waits for getItem, and keeps the order whoever is faster", async () => {
    class Slow extends data.Dataset<readonly [number, number]> {
      readonly length = 4;
      async getItem(index: number): Promise<readonly [number, number]> {
        await new Promise((resolve) => setTimeout(resolve, index === 0 ? 20 : 0));
        return [index + 0.5, index];
      }
    }
    for await (const [x, y] of new data.DataLoader(new Slow(), { batchSize: 4 })) {
      expect([await x.toArray(), await y.toArray()]).toEqual([
        [0.5, 1.5, 2.5, 3.5],
        [0, 1, 2, 3],
      ]);
    }
  });

  const failures: [string, (index: number) => number | Promise<number>][] = [
    ["throws", (index) => (index < 3 ? index : fail(index))],
    ["rejects", async (index) => (index < 3 ? index : fail(index))],
  ];
  const fail = (index: number): never => {
    throw new Error(`sample ${index} is on the other disk`);
  };
  test.each(failures)("gets the error if getItem %s, after the batches before it", async (_, getItem) => {
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const batch of new data.DataLoader({ length: 6, getItem }, { batchSize: 2 }))
        seen.push(await (batch as Tensor).toArray());
    };
    await expect(loop()).rejects.toThrow("sample 3 is on the other disk");
    expect(seen).toEqual([[0, 1]]);
  });

  test("gets what collateFn makes of the samples", async () => {
    const collateFn = (samples: number[]): string => samples.join("+");
    const seen: string[] = [];
    for await (const batch of new data.DataLoader(new Numbers(3), { batchSize: 2, collateFn })) seen.push(batch);
    expect(seen).toEqual(["0+1", "2"]);
  });
});
