// pinMemory: batches go through mapped memory, and are what they are without.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Device, data, F, type Tensor, zeros } from "../../src/index.js";
import { stagingOf } from "../../src/runtime/staging.js";
import { openDevice } from "../device.js";

const SIZE = 40; // elements; 30 of these are more than 4096 bytes, 20 are not

let device: Device;
let remote: data.RemoteDataset;
beforeAll(async () => {
  device = await openDevice();
  remote = await data.remote<data.DatasetLike>(new URL("./remote/numbers.mjs#Pixels", import.meta.url), 200, SIZE);
});
afterAll(() => remote.close());

/** The same as Pixels in remote/numbers.mjs: of each type a field. */
const pixels: data.DatasetLike = {
  length: 200,
  getItem: (i) => ({
    float: new Float32Array(SIZE).fill(i / 2),
    bytes: new Uint8Array(SIZE).fill(i),
    whole: new Int32Array(SIZE).fill(-i),
    flag: i % 2 === 0,
    label: i % 3,
  }),
};

type Batch = Readonly<Record<"float" | "bytes" | "whole" | "flag" | "label", Tensor>>;

async function read(batch: Batch): Promise<unknown> {
  const fields = await Promise.all(
    Object.entries(batch).map(async ([name, x]) => [name, [x.dtype, x.shape, await x.toArray()]] as const),
  );
  return Object.fromEntries(fields);
}

describe.each([
  ["in the loop", 0],
  ["by a worker", 1],
])("batches made %s", (_, numWorkers) => {
  const loaderOf = (pinMemory: boolean): AsyncIterable<Batch> => {
    const options = { batchSize: 30, numWorkers, pinMemory };
    return new data.DataLoader(numWorkers > 0 ? remote : pixels, options) as unknown as AsyncIterable<Batch>;
  };

  test("are the same with and without, the last short one too", async () => {
    const plain: unknown[] = [];
    for await (const batch of loaderOf(false)) plain.push(await read(batch));
    const pinned: unknown[] = [];
    for await (const batch of loaderOf(true)) pinned.push(await read(batch));
    expect(pinned).toEqual(plain);
    expect(plain).toHaveLength(7);
  });

  test("get there without a write of the queue, and reuse their memory", async () => {
    const { buffersMade } = stagingOf(device);
    const write = device.gpu.queue.writeBuffer;
    let written = 0;
    device.gpu.queue.writeBuffer = function (this: GPUQueue, buffer: GPUBuffer, ...rest: never[]) {
      if (buffer.size >= 4096) written++;
      return (write as (...args: unknown[]) => undefined).call(this, buffer, ...rest);
    } as typeof write;
    try {
      for (let epoch = 0; epoch < 3; epoch++) {
        for await (const { float } of loaderOf(true)) await float.add(1).sum().item();
      }
    } finally {
      device.gpu.queue.writeBuffer = write;
    }
    expect(written).toBe(0);
    expect(stagingOf(device).buffersMade - buffersMade).toBeLessThan(30); // of 54 that were uploaded
  });

  test("keep whole numbers on the host, where labels are checked", async () => {
    for await (const { whole } of loaderOf(true)) {
      expect(() => F.crossEntropy(zeros([SIZE, 2]), whole.select(0, 1))).toThrow(/label -\d+ is out of range/);
      break;
    }
  });
});

test("a loop that is left early gives back the memory of the batches that were ahead of it", async () => {
  const leaveEarly = async (): Promise<void> => {
    const options = { batchSize: 30, numWorkers: 1, prefetchFactor: 6, pinMemory: true, persistentWorkers: true };
    for await (const { float } of new data.DataLoader(remote, options) as unknown as AsyncIterable<Batch>) {
      await float.sum().item();
      await new Promise((resolve) => setTimeout(resolve, 30)); // the others come in meanwhile
      break;
    }
  };
  await leaveEarly();
  const { buffersMade } = stagingOf(device);
  for (let i = 0; i < 4; i++) await leaveEarly();
  expect(stagingOf(device).buffersMade - buffersMade).toBeLessThan(15); // of 60 to 70
});
