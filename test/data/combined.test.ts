// Datasets made of datasets, and datasets without indices.

import { beforeAll, describe, expect, test } from "vitest";
import { data, OutOfRangeError, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** Sample i is start + i. */
const range = (start: number, length: number): data.DatasetLike => ({ length, getItem: (i: number) => start + i });

/** start, start + 1, ..., one after the other. */
class Count extends data.IterableDataset<number> {
  constructor(
    readonly start: number,
    readonly length: number,
  ) {
    super();
  }
  async *[Symbol.asyncIterator](): AsyncIterator<number> {
    for (let i = 0; i < this.length; i++) yield this.start + i;
  }
}

async function batches(loader: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const batch of loader) all.push(await (batch as Tensor).toArray());
  return all;
}

describe("ConcatDataset", () => {
  const set = new data.ConcatDataset([range(0, 2), range(10, 0), range(20, 3)]);

  test("has the samples of all, negative indices from the end", () => {
    expect([set.length, set.cumulativeSizes]).toEqual([5, [2, 2, 5]]);
    expect([0, 1, 2, 4, -1, -5].map((i) => set.getItem(i))).toEqual([0, 1, 20, 22, 22, 0]);
  });

  test.each([5, -6, 0.5 + 5])("has no sample %s", (index) => {
    expect(() => set.getItem(index)).toThrow(OutOfRangeError);
    expect(() => set.getItem(index)).toThrow(`ConcatDataset: index ${index} is not among its 5 samples`);
  });

  test("needs datasets, with indices", () => {
    expect(() => new data.ConcatDataset([])).toThrow("ConcatDataset: datasets should not be an empty list");
    expect(() => new data.ConcatDataset([new Count(0, 1) as never])).toThrow("chain them with ChainDataset");
  });
});

describe("a dataset without indices", () => {
  test("comes in batches, in its own order, epoch after epoch", async () => {
    const loader = new data.DataLoader(new Count(5, 5), { batchSize: 2 });
    for (let epoch = 0; epoch < 2; epoch++) expect(await batches(loader)).toEqual([[5, 6], [7, 8], [9]]);
    expect(loader.length).toBe(3);
  });

  test("may be any iterable", async () => {
    expect(await batches(new data.DataLoader([3, 1, 2], { batchSize: 2 }))).toEqual([[3, 1], [2]]);
    const set = { *[Symbol.iterator]() { yield* [7, 8]; } }; // biome-ignore format: one line
    expect(await batches(new data.DataLoader(set))).toEqual([[7], [8]]);
  });

  test("is closed when the loop is left early, and its errors arrive", async () => {
    let isClosed = false;
    class File extends data.IterableDataset<number> {
      async *[Symbol.asyncIterator](): AsyncIterator<number> {
        try {
          yield 1;
          yield 2;
          throw new Error("the disk is gone");
        } finally {
          isClosed = true;
        }
      }
    }
    for await (const _ of new data.DataLoader(new File())) break;
    expect(isClosed).toBe(true);
    await expect(batches(new data.DataLoader(new File()))).rejects.toThrow("the disk is gone");
  });

  test("chains with others", async () => {
    const set = new data.ChainDataset([new Count(0, 2), new Count(7, 0), [5, 6, 7]]);
    expect(set.length).toBe(5);
    expect(await batches(new data.DataLoader(set, { batchSize: 2 }))).toEqual([[0, 1], [5, 6], [7]]);
    const wrong = new data.ChainDataset([range(0, 2) as never]);
    await expect(batches(new data.DataLoader(wrong))).rejects.toThrow("only takes iterable datasets");
  });
});

describe("without batches (batchSize: null)", () => {
  test("samples come as they are, with tensors for arrays of numbers", async () => {
    const dataset = {
      length: 2,
      getItem: (i: number) => [
        i,
        Float32Array.of(i),
        { image: data.hostArray(Uint8Array.of(1, 2), { shape: [1, 2] }) },
      ],
    };
    for await (const sample of new data.DataLoader(dataset, { batchSize: null })) {
      const [index, x, { image }] = sample as unknown as [number, Tensor, { image: Tensor }];
      expect([await x.toArray(), image.shape, image.dtype]).toEqual([[index], [1, 2], "uint8"]);
    }
  });
});

describe("host arrays", () => {
  test("stack to batches of their shape and type", async () => {
    const image = (i: number): data.HostArray => data.hostArray(Uint8Array.of(i, 2, 3, 4), { shape: [1, 2, 2] });
    const dataset = { length: 2, getItem: (i: number) => [image(i), data.hostArray(i, { dtype: "float32" })] as const };
    for await (const [x, y] of new data.DataLoader(dataset, { batchSize: 2 })) {
      expect([x.shape, x.dtype, y.dtype, await y.toArray()]).toEqual([[2, 1, 2, 2], "uint8", "float32", [0, 1]]);
      expect(await x.select(0, 1).flatten().toArray()).toEqual([1, 2, 3, 4]);
    }
  });

  test("have as many elements as their shape", () => {
    expect(() => data.hostArray(Uint8Array.of(1, 2, 3), { shape: [2, 2] })).toThrow(
      "HostArray: shape [2, 2]: there are 3 elements and not 4",
    );
  });
});
