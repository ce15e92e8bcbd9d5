// A loader that stops in the middle of an epoch and goes on elsewhere, and the samples' random numbers.

import { beforeAll, describe, expect, test } from "vitest";
import { data, Generator, manualSeed, rand } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** Sample i is [i, random numbers]. */
class Noisy extends data.Dataset<readonly number[]> {
  constructor(readonly length: number) {
    super();
  }
  async getItem(index: number): Promise<readonly number[]> {
    const next = data.sampleGenerator().words();
    await Promise.resolve();
    return [index, next(), next()];
  }
}

/** The same without indices. */
class NoisyStream extends data.IterableDataset<readonly number[]> {
  async *[Symbol.asyncIterator](): AsyncIterator<readonly number[]> {
    for (let i = 0; i < 10; i++) yield [i, data.sampleGenerator().words()()];
  }
}

type Options = data.DataLoaderOptions<readonly number[], unknown>;
type Loader = data.DataLoader<data.Dataset<readonly number[]>, unknown>;
const collateFn = (samples: (readonly number[])[]): unknown => samples;
const loaderOf = (options: Options): Loader => new data.DataLoader(new Noisy(10), { ...options, collateFn });

async function take(loader: AsyncIterable<unknown>, count = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const batches: unknown[] = [];
  if (count === 0) return batches;
  for await (const batch of loader) if (batches.push(batch) >= count) break;
  return batches;
}

describe("a sample's random numbers", () => {
  test("repeats with the seed, and differ between samples and epochs", async () => {
    const [a, b, other] = [3, 3, 4].map((seed) => loaderOf({ batchSize: 4, generator: new Generator(seed) }));
    const epochs = [await take(a!), await take(a!)];
    expect([await take(b!), await take(b!)]).toEqual(epochs);
    expect(await take(other!)).not.toEqual(epochs[0]);
    const drawn = epochs.flat(2).map((sample) => (sample as number[])[1]);
    expect(new Set(drawn).size).toBe(20);
  });

  test("follow the position in the epoch, whatever the batches", async () => {
    const whole = await take(loaderOf({ batchSize: 10, generator: new Generator(3) }));
    expect((await take(loaderOf({ batchSize: 3, generator: new Generator(3) }))).flat()).toEqual(whole.flat());
  });

  test("are the default generator's outside of a loader", () => {
    expect(data.sampleGenerator()).toBe(manualSeed(0));
    expect(data.getWorkerInfo()).toBeUndefined();
  });
});

describe("a loader goes on where it was", () => {
  const own = (): Options => {
    const dataset = new Noisy(10);
    return { sampler: new data.RandomSampler(dataset, { numSamples: 15, generator: new Generator(9) }), batchSize: 4 };
  };
  const kinds: [string, () => Loader | data.DataLoader<NoisyStream, unknown>][] = [
    ["in order", () => loaderOf({ batchSize: 4 })],
    ["shuffled", () => loaderOf({ batchSize: 3, shuffle: true, dropLast: true })],
    [
      "shuffled by a generator of its own",
      () => loaderOf({ batchSize: 4, shuffle: true, generator: new Generator(1) }),
    ],
    ["with a sampler with a generator of its own", () => loaderOf({ ...own(), generator: new Generator(2) })],
    ["without indices", () => new data.DataLoader(new NoisyStream(), { batchSize: 4, collateFn })],
  ];
  for (const [name, make] of kinds) {
    test.each([0, 1, 2, 3])(`${name}, after %d batches`, async (count) => {
      manualSeed(5);
      const [first, second] = [make(), make()];
      await take(first); // the second epoch is the one to be left
      const before = await take(first, count);
      const state = JSON.parse(JSON.stringify(first.stateDict())) as data.DataLoaderState;
      expect(state.batch).toBe(count);
      manualSeed(77);
      rand([2]);
      second.loadStateDict(state);
      expect(second.stateDict()).toEqual(state);
      const after = await take(second);

      // The whole epoch, from a loader that was never left.
      manualSeed(5);
      const whole = make();
      await take(whole);
      const epoch = await take(whole);
      if (count > 0) expect([...before, ...after]).toEqual(epoch);
      else expect(after).toHaveLength(epoch.length);
      // Its own generators go on as if nothing had happened; the global one is the checkpoint's business.
      if (name.includes("of its own")) expect(await take(second)).toEqual(await take(whole));
    });
  }
  test("and remembers what plain numbers were taken for", async () => {
    const values = [0.5, 1, 2];
    const make = (): data.DataLoader<data.DatasetLike> =>
      new data.DataLoader({ length: 3, getItem: (i: number) => values[i]! });
    const first = make();
    await take(first, 1);
    const second = make();
    second.loadStateDict(first.stateDict());
    for await (const y of second) expect((y as unknown as { dtype: string }).dtype).toBe("float32");
  });
});
