// What samplers may yield: whole indices, or lists of them.

import { beforeAll, expect, test } from "vitest";
import { arange, data, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const plain: data.DatasetLike = { length: 4, getItem: (i) => i };

async function epoch(dataset: data.DatasetLike, options: object): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const batch of new data.DataLoader(dataset, options)) all.push(batch);
  return all;
}

const wrong: [object, string][] = [
  [{ sampler: [0.5] }, "sampler yielded 0.5, which is not an index"],
  [{ sampler: [0, Number.NaN], batchSize: 2 }, "sampler yielded NaN, which is not an index"],
  [{ sampler: ["1"] }, 'sampler yielded "1", which is not an index'],
  [{ sampler: [2 ** 32 + 1], batchSize: null }, "sampler yielded 4294967297, which is not an index"],
  [{ sampler: [[0, 1]] }, "sampler yielded [0, 1], which is not an index: lists of indices are for batchSampler"],
  [{ batchSampler: [1, 2] }, "batchSampler yielded 1 where a list of indices was expected"],
  [{ sampler: (async function* () {})() }, "sampler must be iterable, and is so only asynchronously"],
  [{ sampler: [[0, 1]], batchSize: null }, "has no getBatch to take them: pass it as batchSampler"],
];
test.each(wrong)("%o is an error", (options, message) => expect(epoch(plain, options)).rejects.toThrow(message));

test("lists without batches are for getBatch", async () => {
  const set = new data.TensorDataset(arange(4));
  const sampler = new data.BatchSampler(new data.SequentialSampler(set), 3, false);
  const batches = (await epoch(set, { sampler, batchSize: null })) as [Tensor][];
  expect(await Promise.all(batches.map(([x]) => x.toArray()))).toEqual([[0, 1, 2], [3]]);
});
