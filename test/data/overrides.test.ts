// Datasets of which a subclass overrides getItem: its samples are the loader's, whatever the parent has of its own.

import { afterAll, beforeAll, expect, test } from "vitest";
import { arange, data, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const opened: { close(): void }[] = [];
afterAll(() => opened.forEach((dataset) => dataset.close()));

async function rows(dataset: data.DatasetLike): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const batch of new data.DataLoader(dataset, { batchSize: 2 })) {
    all.push(await (batch as unknown as [Tensor])[0].toArray());
  }
  return all;
}

class Negative extends data.TensorDataset {
  override getItem(index: number): Tensor[] {
    return super.getItem(index).map((x) => x.neg());
  }
}

class NegativeAtOnce extends Negative {
  override getBatch(indices: Int32Array): Tensor[] {
    return super.getBatch(indices).map((x) => x.neg().sub(100));
  }
}

class NegativePart extends data.Subset<data.TensorDataset> {
  override getItem(index: number): Tensor[] {
    return (super.getItem(index) as Tensor[]).map((x) => x.neg());
  }
}

const whole = (): data.TensorDataset => new data.TensorDataset(arange(3).add(1));
const cases: [string, () => data.DatasetLike, unknown][] = [
  ["a TensorDataset", () => new Negative(arange(3).add(1)), [[-1, -2], [-3]]],
  ["a TensorDataset, in a Subset", () => new data.Subset(new Negative(arange(3).add(1)), [2, 0]), [[-3, -1]]],
  ["a Subset", () => new NegativePart(whole(), [2, 0]), [[-3, -1]]],
  ["a getItem, with the getBatch that goes with it", () => new NegativeAtOnce(arange(2)), [[-100, -101]]],
  ["one object", () => Object.assign(whole(), { getItem: (i: number) => [i + 7] }), [[7, 8], [9]]],
  ["nothing: a Subset's rows still come at once", () => new data.Subset(whole(), [2, 0]), [[3, 1]]],
];
test.each(cases)("a class of its own for %s", async (_, make, wanted) => expect(await rows(make())).toEqual(wanted));

test("a class of its own for a Subset of a dataset in workers has no workers", async () => {
  const remote = await data.remote<data.DatasetLike>(new URL("./remote/numbers.mjs", import.meta.url), 3);
  opened.push(remote as { close(): void } & typeof remote);
  class Doubled extends data.Subset<data.DatasetLike> {
    override async getItem(index: number): Promise<number> {
      return 2 * ((await super.getItem(index)) as number);
    }
  }
  const part = new Doubled(remote as never, [2, 1]);
  expect(() => new data.DataLoader(part, { numWorkers: 1 })).toThrow("this Doubled lives in the main thread");
  for await (const batch of new data.DataLoader(part, { batchSize: 2 })) {
    expect(await (batch as Tensor).toArray()).toEqual([4, 2]);
  }
});
