// Datasets made of tensors and of other datasets.

import { beforeAll, describe, expect, test } from "vitest";
import { arange, cat, data, Generator, OutOfRangeError, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** [6, 2]: row i is [10 i, 10 i + 1]. */
const inputs = (): Tensor => tensor(Array.from({ length: 6 }, (_, i) => [10 * i, 10 * i + 1]));
/** [6]: label i is i. */
const labels = (): Tensor => arange(6);

describe("TensorDataset", () => {
  test("has rows", async () => {
    const set = new data.TensorDataset(inputs(), labels());
    const [x, y] = set.getItem(4) as [Tensor, Tensor];
    expect([set.length, await x.toArray(), await y.item()]).toEqual([6, [40, 41], 4]);
    expect(() => set.getItem(6)).toThrow("select: index 6 is out of range for dimension 0 of shape [6, 2]");
  });

  const kinds: [string, () => [Tensor, Tensor]][] = [
    ["that the host knows", () => [inputs(), labels()]],
    ["that the GPU computed", () => [inputs().mul(1), labels().add(0)]],
    [
      "that are views",
      () => [
        tensor([0, 10, 20, 30, 40, 50, 1, 11, 21, 31, 41, 51]).reshape([2, 6]).T,
        tensor(Int32Array.of(0, 9, 1, 9, 2, 9, 3, 9, 4, 9, 5, 9))
          .reshape([6, 2])
          .select(1, 0),
      ],
    ],
    [
      "that start inside their memory",
      () => [cat([ones([1, 2]), inputs()]).narrow(0, 1, 6), arange(-1, 6).narrow(0, 1, 6)],
    ],
  ];
  test.each(kinds)("keeps rows of tensors %s together when shuffled", async (_, make) => {
    const set = new data.TensorDataset(...make());
    const seen: number[] = [];
    for await (const [x, y] of new data.DataLoader(set, { batchSize: 4, shuffle: true, generator: new Generator(1) })) {
      const rows = (await y.toArray()) as number[];
      expect([x.dtype, y.dtype]).toEqual(["float32", "int32"]);
      expect(await x.toArray()).toEqual(rows.map((i) => [10 * i, 10 * i + 1]));
      seen.push(...rows);
    }
    expect(seen).not.toEqual([0, 1, 2, 3, 4, 5]);
    expect(seen.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test.each(kinds)("of tensors %s counts negative indices from the end, and refuses those beyond", async (_, make) => {
    const rows = async (indices: number[]): Promise<unknown> => {
      const subset = new data.Subset(new data.TensorDataset(...make()), indices);
      for await (const [, y] of new data.DataLoader(subset, { batchSize: 9 })) return y.toArray();
    };
    expect(await rows([1, -1, -6, 5])).toEqual([1, 5, 0, 5]);
    for (const index of [6, -7]) {
      await expect(rows([1, index, -1])).rejects.toThrow(OutOfRangeError);
      await expect(rows([1, index, -1])).rejects.toThrow(
        `DataLoader: index ${index} is out of range for dimension 0 of shape [6, 2]; valid are -6 to 5`,
      );
    }
  });

  test("stacks many rows that only the GPU knows", async () => {
    const all = data.randomSplit(new data.TensorDataset(arange(200).add(0)), [150, 50])[0]!;
    const seen: unknown[] = [];
    for await (const [x] of new data.DataLoader(all, { batchSize: 100 }))
      seen.push(...((await x.toArray()) as number[]));
    expect(seen).toEqual([...(all.indices as Int32Array)]);
  });

  test("takes one tensor, or more than two", async () => {
    for await (const batch of new data.DataLoader(new data.TensorDataset(labels()), { batchSize: 6 })) {
      expect(await Promise.all(batch.map((x) => x.toArray()))).toEqual([[0, 1, 2, 3, 4, 5]]);
    }
    const three = new data.TensorDataset(labels(), labels(), inputs());
    for await (const batch of new data.DataLoader(three, { batchSize: 6 })) {
      expect(batch.map(({ shape }) => shape)).toEqual([[6], [6], [6, 2]]);
    }
  });

  test("needs tensors that are equally long", () => {
    expect(() => new data.TensorDataset(ones([4, 2]), ones([3]))).toThrow(
      "TensorDataset: tensors must be equally long, got 4, 3 rows",
    );
  });
});

describe("Subset", () => {
  test("has the samples at its indices, in their order, repeated if they are", async () => {
    const set = new data.Subset(new data.TensorDataset(labels()), [5, 0, 5]);
    expect(set).toHaveLength(3);
    for await (const [y] of new data.DataLoader(set, { batchSize: 3 })) expect(await y.toArray()).toEqual([5, 0, 5]);
  });

  test("of a subset refuses indices the inner one does not have", async () => {
    const set = new data.Subset(new data.Subset(new data.TensorDataset(labels()), [5, 3]), [0, 2]);
    const message = "Subset: index 2 is not among its 2 samples";
    expect(() => set.getItem(1)).toThrow(message);
    await expect(new data.DataLoader(set, { batchSize: 2 })[Symbol.asyncIterator]().next()).rejects.toThrow(message);
  });

  test("of a subset counts twice", async () => {
    const set = new data.Subset(new data.Subset(new data.TensorDataset(labels()), [5, 3, 1]), [2, 0]);
    for await (const [y] of new data.DataLoader(set, { batchSize: 3 })) expect(await y.toArray()).toEqual([1, 5]);
  });
});

describe("randomSplit", () => {
  const split = (length: number, lengths: number[], generator = new Generator(0)): number[][] =>
    data
      .randomSplit({ length, getItem: (i) => i }, lengths, { generator })
      .map((subset) => Array.from({ length: subset.length }, (_, i) => subset.getItem(i) as number));

  // Shares are rounded down, and what is left goes to the first subsets, one each, as in PyTorch.
  const cases: [samples: number, lengths: number[], wanted: number[]][] = [
    [10, [7, 3], [7, 3]],
    [10, [10], [10]],
    [10, [0, 10], [0, 10]],
    [10, [0.8, 0.2], [8, 2]],
    [10, [0.5, 0.25, 0.25], [6, 2, 2]],
    [11, [1 / 3, 1 / 3, 1 / 3], [4, 4, 3]],
    [100, [0.7, 0.2, 0.1], [70, 20, 10]], // 0.7 + 0.2 + 0.1 is not quite 1
    [10, [1], [10]],
    [1, [1], [1]],
    [1, [0.8, 0.2], [1, 0]],
    [0, [0, 0], [0, 0]],
    [0, [0.5, 0.5], [0, 0]],
  ];
  test.each(cases)("of %s samples into %j gives %j, every sample once", (samples, lengths, wanted) => {
    const parts = split(samples, lengths);
    expect(parts.map((part) => part.length)).toEqual(wanted);
    expect(parts.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i));
  });

  test("is random, and repeats with the generator's seed", () => {
    expect(split(100, [50, 50])).toEqual(split(100, [50, 50]));
    expect(split(100, [50, 50])).not.toEqual(split(100, [50, 50], new Generator(1)));
    expect(split(100, [100])[0]).not.toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  const bad: [number[], string][] = [
    [[5, 4], "lengths 5 + 4 do not add up to the dataset's 10"],
    [[6, 6], "lengths 6 + 6 do not add up to the dataset's 10"],
    [[], "lengths  do not add up to the dataset's 10"],
    [[11, -1], "lengths 11, -1 must be whole numbers from 0 on, or shares that add up to 1"],
    [[7.5, 2.5], "lengths 7.5, 2.5 must be whole numbers from 0 on, or shares that add up to 1"],
    [[0.5, 0.4], "lengths 0.5, 0.4 must be whole numbers from 0 on, or shares that add up to 1"],
    [[1.5, -0.5], "lengths 1.5, -0.5 must be whole numbers from 0 on, or shares that add up to 1"],
  ];
  test.each(bad)("of 10 samples into %j is refused", (lengths, message) => {
    expect(() => split(10, lengths)).toThrow(`randomSplit: ${message}`);
  });
});
