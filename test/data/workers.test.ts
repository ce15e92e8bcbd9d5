// Datasets in workers: order, errors, death, time, and what a program that leaves a loop is left with.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { data, Generator, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

interface NumbersLike {
  readonly length: number;
  getItem(index: number): number;
}

const moduleOf = (name = ""): URL => new URL(`./remote/numbers.mjs${name}`, import.meta.url);
const opened: { close(): void }[] = [];
afterAll(() => opened.forEach((dataset) => dataset.close()));

async function numbers(length: number, trouble: object = {}): Promise<data.Remote<NumbersLike>> {
  const dataset = await data.remote<NumbersLike>(moduleOf(), length, trouble);
  opened.push(dataset);
  return dataset;
}

async function epochOf(loader: AsyncIterable<unknown>): Promise<unknown[]> {
  const batches: unknown[] = [];
  for await (const batch of loader) batches.push(batch);
  return batches;
}

const collateFn = (samples: number[]): unknown => samples;

describe("batches of workers", () => {
  test("are tensors, typed as those of the main thread", async () => {
    interface ImagesLike {
      readonly length: number;
      getItem(index: number): { image: Uint8Array; is: { value: number; label: number } };
    }
    const images = await data.remote<ImagesLike>(moduleOf("#Images"));
    opened.push(images);
    for (const numWorkers of [0, 1]) {
      for await (const { image, is } of new data.DataLoader(images, { batchSize: 4, numWorkers })) {
        expect([image.shape, image.dtype, is.value.dtype, is.label.dtype]).toEqual([
          [4, 6],
          "uint8",
          "float32",
          "int32",
        ]);
        expect(await is.value.toArray()).toEqual([0, 0.5, 1, 1.5]);
        expect(await image.select(0, 3).toArray()).toEqual([3, 3, 3, 3, 3, 3]);
      }
    }
  });

  test("come in the sampler's order, whatever the number of workers", async () => {
    const dataset = await numbers(40, { spin: 1 });
    const options = { batchSize: 3, shuffle: true, collateFn, persistentWorkers: true };
    const orders = await Promise.all(
      [1, 3].map((numWorkers) => {
        return epochOf(new data.DataLoader(dataset, { ...options, numWorkers, generator: new Generator(4) }));
      }),
    );
    const here = new data.DataLoader(dataset, { batchSize: 3, shuffle: true, collateFn, generator: new Generator(4) });
    expect(orders[0]).toEqual(await epochOf(here));
    expect(orders[1]).toEqual(orders[0]);
  });

  test("of a part are that part's", async () => {
    const dataset = await numbers(10);
    const [part] = data.randomSplit(dataset, [4, 6], { generator: new Generator(1) });
    const inner = new data.Subset(part!, [3, -1, 0]);
    const loader = new data.DataLoader(inner, { numWorkers: 1, collateFn: (samples) => samples });
    const wanted = [3, 3, 0].map((i) => [part!.indices[i]]);
    expect(await epochOf(loader)).toEqual(wanted);
  });

  test("may be made by functions of the dataset's module, after its worker was initialized", async () => {
    const dataset = await numbers(4);
    const loader = new data.DataLoader(dataset, {
      numWorkers: 2,
      batchSize: 1,
      collateFn: "withWorker",
      workerInitFn: "start",
    });
    expect(await epochOf(loader)).toEqual([[[0, 0]], [[1, 1]], [[2, 0]], [[3, 1]]]);
    const wrong = new data.DataLoader(dataset, { numWorkers: 1, collateFn: "nobody" });
    await expect(epochOf(wrong)).rejects.toThrow('collateFn is "nobody", and the dataset\'s module exports no such');
    const here = new data.DataLoader(dataset, { batchSize: 4, collateFn: "same" });
    expect(await epochOf(here)).toEqual([[0, 1, 2, 3]]);
  });

  test("of a dataset without indices come from each worker in turn", async () => {
    const stream = await data.remote<Iterable<number>>(moduleOf("#Stream"), 5);
    opened.push(stream);
    const loader = new data.DataLoader(stream, { batchSize: 2, numWorkers: 2, collateFn });
    expect(await epochOf(loader)).toEqual([[0, 1], [0, 1], [2, 3], [2, 3], [4], [4]]);
    const first = new data.DataLoader(stream, { batchSize: 2, numWorkers: 2, collateFn });
    for await (const _ of first) if (first.stateDict().batch === 3) break;
    const second = new data.DataLoader(stream, { batchSize: 2, numWorkers: 2, collateFn });
    second.loadStateDict(first.stateDict());
    expect(await epochOf(second)).toEqual([[2, 3], [4], [4]]);
  });

  test("go on where a loader was left", async () => {
    const dataset = await numbers(20);
    const make = (numWorkers: number): data.DataLoader<data.RemoteDataset<number>, unknown> =>
      new data.DataLoader(dataset, { shuffle: true, batchSize: 3, collateFn, numWorkers, generator: new Generator(3) });
    const whole = await epochOf(make(0));
    const first = make(2);
    const before: unknown[] = [];
    for await (const batch of first) if (before.push(batch) === 3) break;
    const second = make(1);
    second.loadStateDict(JSON.parse(JSON.stringify(first.stateDict())) as data.DataLoaderState);
    expect([...before, ...(await epochOf(second))]).toEqual(whole);
  });
});

test("TypeScript modules, and the random numbers of samples, are what they are in the main thread", async () => {
  const { default: Noise } = await import("./remote/noise.js");
  const module = new URL("./remote/noise.ts", import.meta.url);
  const dataset = await data.remote<InstanceType<typeof Noise>>(module, 7);
  opened.push(dataset);
  const epochs = async (set: data.DatasetLike, numWorkers: number): Promise<unknown[]> => {
    const options = { batchSize: 2, shuffle: true, numWorkers, persistentWorkers: numWorkers > 0 };
    const loader = new data.DataLoader(set, { ...options, generator: new Generator(5) });
    const batches: unknown[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      for await (const batch of loader) batches.push(await (batch as unknown as Tensor).toArray());
    }
    return batches;
  };
  const wanted = await epochs(new Noise(7), 0);
  expect(await epochs(dataset, 1)).toEqual(wanted);
  expect(await epochs(dataset, 2)).toEqual(wanted);
});

describe("a dataset that cannot travel", () => {
  test("is refused, and how to write it is said", () => {
    class MyDigits extends data.Dataset<number> {
      readonly length = 1;
      getItem(index: number): number {
        return index;
      }
    }
    expect(() => new data.DataLoader(new MyDigits(), { numWorkers: 2 })).toThrow(
      "DataLoader: numWorkers is 2, and this MyDigits lives in the main thread. Give its class a module of its own, as the " +
        'default export, and name the module: await data.remote(new URL("./my-digits.ts", import.meta.url), ...args) in ' +
        "place of new MyDigits(...args)",
    );
    const workerInitFn = (() => undefined) as never;
    expect(() => new data.DataLoader(new MyDigits(), { workerInitFn })).toThrow("functions cannot travel to workers");
  });

  test("has arguments that cannot", async () => {
    await expect(data.remote(moduleOf(), 3, () => 1)).rejects.toThrow(
      "remote: argument 1 of the dataset, a function, cannot travel to a worker: pass plain data (a path, numbers, typed " +
        "arrays), and make the rest of it in the constructor",
    );
  });

  test("is not in its module", async () => {
    const missing = data.remote(moduleOf("#Letters"));
    await expect(missing).rejects.toThrow(
      'the module has no class as its export "Letters": write export class Letters ...',
    );
    await expect(data.remote(moduleOf("#notAClass"))).rejects.toThrow('no class as its export "notAClass"');
    await expect(data.remote(moduleOf("#same"), 7)).rejects.toThrow(
      "a dataset has getItem and length, or is iterable; got 7",
    );
    await expect(data.remote(new URL("./remote/nothing.mjs", import.meta.url))).rejects.toThrow(/nothing\.mjs/);
  });

  test("may come from a function, also later", async () => {
    const dataset = await data.remote<NumbersLike>(moduleOf("#later"), 3);
    opened.push(dataset);
    expect(dataset.length).toBe(3);
    expect(await epochOf(new data.DataLoader(dataset, { numWorkers: 1, collateFn }))).toEqual([[0], [1], [2]]);
  });
});

describe("what goes wrong in a worker", () => {
  test("arrives with its class and its stack, after the batches before it", async () => {
    const dataset = await numbers(9, { throwAt: 5 });
    const seen: unknown[] = [];
    const loop = async (): Promise<void> => {
      for await (const batch of new data.DataLoader(dataset, { numWorkers: 2, batchSize: 2, collateFn }))
        seen.push(batch);
    };
    const error = await loop().catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(TypeError);
    expect((error as Error).message).toBe("sample 5 is on the other disk (in worker 0 of 2, batch 2 (indices 4, 5))");
    expect((error as Error).stack).toMatch(/readFromOtherDisk .*numbers\.mjs:\d+/);
    expect(seen).toEqual([[0, 1], [2, 3]]); // biome-ignore format: two batches
  });

  test("in its constructor arrives at once", async () => {
    const made = numbers(-2);
    await expect(made).rejects.toThrow(RangeError);
    await expect(made).rejects.toThrow("there are no -2 numbers (when a worker made the dataset)");
  });

  test("is an error within two seconds if it dies, with the worker and the indices", async () => {
    const dataset = await numbers(12, { dieAt: 5 });
    const start = performance.now();
    const epoch = epochOf(new data.DataLoader(dataset, { numWorkers: 2, batchSize: 2, collateFn }));
    await expect(epoch).rejects.toThrow(
      "DataLoader: worker 0 of 2 died before it delivered batch 2 (indices 4, 5): it exited with code 7",
    );
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test("is an error if it takes longer than timeout", async () => {
    const dataset = await numbers(6, { hangAt: 3 });
    const epoch = epochOf(new data.DataLoader(dataset, { numWorkers: 2, batchSize: 3, timeout: 1, collateFn }));
    await expect(epoch).rejects.toThrow(
      "DataLoader: timeout: worker 1 of 2 did not deliver batch 1 (indices 3, 4, 5) within 1 s",
    );
  });
});

test.each([1e7, Number.POSITIVE_INFINITY])("a timeout of %s s does not run out at once", async (timeout) => {
  const dataset = await numbers(2);
  expect(await epochOf(new data.DataLoader(dataset, { numWorkers: 1, timeout, collateFn }))).toEqual([[0], [1]]);
});

test("a timeout is a number", async () => {
  const make = (): unknown => new data.DataLoader({ length: 1, getItem: (i) => i }, { timeout: "5" as never });
  expect(make).toThrow('DataLoader: timeout must be a number of seconds, got "5"');
});

test.each([0, 1])("a named collateFn may be async, with %s workers", async (numWorkers) => {
  const loader = new data.DataLoader(await numbers(3), { batchSize: 2, numWorkers, collateFn: "sumLater" });
  expect(await epochOf(loader)).toEqual([{ sum: 1 }, { sum: 2 }]);
});

test.each([0, 1])("getBatch makes the batches, with %s workers", async (numWorkers) => {
  const dataset = await data.remote<data.DatasetLike>(moduleOf("#AtOnce"));
  opened.push(dataset as unknown as { close(): void });
  const batches = (await epochOf(new data.DataLoader(dataset as never, { batchSize: 3, numWorkers }))) as [Tensor][];
  expect(await Promise.all(batches.map(([x]) => x.toArray()))).toEqual([[-0, -1, -2], [-3]]);
});

test("workers that persist are the same ones in the next epoch, also after break", async () => {
  const dataset = await numbers(8);
  const options = { numWorkers: 1, batchSize: 2, collateFn: "withWorker", persistentWorkers: true };
  for await (const batch of new data.DataLoader(dataset, { ...options, workerInitFn: "start" })) {
    expect(batch).toEqual([[0, 0], [1, 0]]); // biome-ignore format: one batch
    break;
  }
  // Nothing initialized a new one.
  expect((await epochOf(new data.DataLoader(dataset, options)))[3]).toEqual([[6, 0], [7, 0]]); // biome-ignore format: one batch
});

test("a program ends by itself, under tsx too, whatever its workers are about", async () => {
  const program = fileURLToPath(new URL("./remote/program.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", program], { timeout: 60_000 });
  const [here, inWorker] = stdout.trim().split("\n");
  expect(here).toMatch(/^\[\[\d,0\.\d+,0\.\d+\],/);
  expect(inWorker).toBe(here);
});
