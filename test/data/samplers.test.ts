// Samplers: which indices, in which order, and what their loader says of them.

import { describe, expect, test } from "vitest";
import { data, Generator, OutOfRangeError } from "../../src/index.js";

const of = (length: number): { length: number } => ({ length });
const seeded = (seed = 0): { generator: Generator } => ({ generator: new Generator(seed) });
const sorted = (indices: Iterable<number>): number[] => [...indices].sort((a, b) => a - b);

describe("RandomSampler", () => {
  test("without replacement goes through all samples, again and again", () => {
    const sampler = new data.RandomSampler(of(5), { numSamples: 13, ...seeded() });
    const indices = [...sampler];
    expect([indices.length, sampler.length]).toEqual([13, 13]);
    for (const start of [0, 5]) expect(sorted(indices.slice(start, start + 5))).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(indices.slice(10)).size).toBe(3);
    expect(indices.slice(0, 5)).not.toEqual(indices.slice(5, 10));
  });

  test("with replacement repeats some, and all are equally likely", () => {
    const counts = [0, 0, 0, 0];
    for (const index of new data.RandomSampler(of(4), { replacement: true, numSamples: 4000, ...seeded() }))
      counts[index]!++;
    // 1000 each on average, with standard deviation sqrt(4000 * 1/4 * 3/4) = 27; four of those are 110
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(110);
  });

  test("repeats with the seed, and draws once an epoch", () => {
    const [a, b] = [new data.RandomSampler(of(9), seeded(3)), new data.RandomSampler(of(9), seeded(3))];
    for (let epoch = 0; epoch < 2; epoch++) expect([...a]).toEqual([...b]);
    expect(a.generator.state).toEqual({ seed: 3, draws: 2 });
  });

  test.each([0, -1, 1.5])("refuses %s samples", (numSamples) => {
    expect(() => new data.RandomSampler(of(4), { numSamples })).toThrow(
      `RandomSampler: numSamples must be a whole number from 1 on, got ${numSamples}`,
    );
    expect(() => new data.RandomSampler(of(0))).toThrow(OutOfRangeError);
  });
});

test("SubsetRandomSampler has the given indices, shuffled", () => {
  const sampler = new data.SubsetRandomSampler([4, 8, 15, 16, 23, 42], seeded());
  expect([sampler.length, sorted(sampler)]).toEqual([6, [4, 8, 15, 16, 23, 42]]);
  expect([...sampler]).not.toEqual([...sampler]);
});

describe("WeightedRandomSampler", () => {
  test("with replacement takes each index as often as its weight says, and never one of weight 0", () => {
    const counts = [0, 0, 0, 0];
    for (const index of new data.WeightedRandomSampler([1, 0, 3, 0], 4000, seeded())) counts[index]!++;
    // 1000 and 3000, as above
    expect([counts[1], counts[3]]).toEqual([0, 0]);
    expect(Math.abs(counts[0]! - 1000)).toBeLessThan(110);
  });

  test("without replacement takes each index once, heavy ones first", () => {
    let firsts = 0;
    for (let seed = 0; seed < 400; seed++) {
      const drawn = [...new data.WeightedRandomSampler([1, 0, 3, 4], 3, { replacement: false, ...seeded(seed) })];
      expect(sorted(drawn)).toEqual([0, 2, 3]);
      if (drawn[0] === 3) firsts++;
    }
    // 4 of 8: 200, with standard deviation sqrt(400 / 4) = 10; four of those are 40
    expect(Math.abs(firsts - 200)).toBeLessThan(40);
  });

  // biome-ignore format: one line per case
  const bad: [weights: number[], numSamples: number, replacement: boolean, message: string][] = [
    [[1, -1], 1, true, "weight 1 is -1; weights must be finite and not negative"],
    [[1, Number.NaN], 1, true, "weight 1 is NaN; weights must be finite and not negative"],
    [[0, 0], 1, true, "0 weights are above 0, and it takes at least one"],
    [[1, 0, 1], 3, false, "2 weights are above 0, and it takes 3 to draw without replacement"],
    [[1], 0, true, "numSamples must be a whole number from 1 on, got 0"],
  ];
  test.each(bad)("of weights %j refuses %d, replacement %s", (weights, numSamples, replacement, message) => {
    expect(() => new data.WeightedRandomSampler(weights, numSamples, { replacement })).toThrow(
      `WeightedRandomSampler: ${message}`,
    );
  });
});

describe("DistributedSampler", () => {
  const parts = (length: number, numReplicas: number, options: object = {}): number[][] =>
    Array.from({ length: numReplicas }, (_, rank) => [
      ...new data.DistributedSampler(of(length), { numReplicas, rank, ...options }),
    ]);

  // PyTorch's: the last ones are filled up from the front, or left out.
  // biome-ignore format: one line per case
  const cases: [length: number, replicas: number, dropLast: boolean, wanted: number[][]][] = [
    [6, 2, false, [[0, 2, 4], [1, 3, 5]]],
    [7, 3, false, [[0, 3, 6], [1, 4, 0], [2, 5, 1]]],
    [7, 3, true, [[0, 3], [1, 4], [2, 5]]],
    [2, 5, false, [[0], [1], [0], [1], [0]]],
    [2, 5, true, [[], [], [], [], []]],
  ];
  test.each(cases)("of %d samples among %d, dropLast %s", (length, replicas, dropLast, wanted) => {
    expect(parts(length, replicas, { shuffle: false, dropLast })).toEqual(wanted);
  });

  test("shuffles all parts alike, and anew after setEpoch", () => {
    expect(sorted(parts(8, 2).flat())).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const sampler = new data.DistributedSampler(of(8), { numReplicas: 2, rank: 1 });
    const first = [...sampler];
    expect([...sampler]).toEqual(first);
    sampler.setEpoch(1);
    expect([...sampler]).not.toEqual(first);
  });

  test("has no rank past the replicas", () => {
    expect(() => new data.DistributedSampler(of(8), { numReplicas: 2, rank: 2 })).toThrow(
      "DistributedSampler: rank 2 is not among 0 to 1",
    );
  });
});

describe("a loader's length", () => {
  test("is its sampler's, in batches", () => {
    const dataset = { length: 100, getItem: (i: number) => i };
    const sampler = new data.RandomSampler(dataset, { numSamples: 7, ...seeded() });
    expect(new data.DataLoader(dataset, { sampler, batchSize: 2 }).length).toBe(4);
    expect(new data.DataLoader(dataset, { sampler, batchSize: 2, dropLast: true }).length).toBe(3);
    expect(new data.DataLoader(dataset, { batchSampler: [[1], [2]] }).length).toBe(2);
  });

  test("is unknown where the sampler's is, which works all the same", async () => {
    const dataset = { length: 9, getItem: (i: number) => i };
    const sampler = new Set([7, 1, 3]);
    const loader = new data.DataLoader(dataset, { sampler, batchSize: 2, collateFn: (samples) => samples });
    expect(() => loader.length).toThrow("BatchSampler: its sampler has no length");
    const stream = new data.DataLoader(new Set([1, 2]));
    expect(() => stream.length).toThrow("DataLoader: its dataset has no length");
  });
});
