// A long run with workers: memory stays where it was.

import { beforeAll, expect, test } from "vitest";
import { type Device, data } from "../../src/index.js";
import { stagingOf } from "../../src/runtime/staging.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const MIB = 1 << 20;

// biome-ignore format: one line per case
const runs: [batches: number, size: number, pinMemory: boolean][] = [
  [10_000, 3, false],
  [1_000, 1024, true],
];
test.each(runs)(
  "%d batches of two workers, %d elements a field, pinMemory %s, take no memory for good",
  async (batches, size, pinMemory) => {
    const module = new URL("./remote/numbers.mjs#Pixels", import.meta.url);
    const remote = await data.remote<data.DatasetLike>(module, (4 * batches) / 5, size);
    const options = { batchSize: 4, numWorkers: 2, persistentWorkers: true, pinMemory };
    const loader = new data.DataLoader(remote, options);
    const seen: { heap: number; outside: number; live: number; pooled: number }[] = [];
    for (let epoch = 0; epoch < 5; epoch++) {
      for await (const batch of loader) void (batch as unknown as { float: { shape: unknown } }).float.shape;
      await device.collectGarbage();
      await device.synchronize();
      const { heapUsed, arrayBuffers } = process.memoryUsage();
      const { bytesLive, bytesPooled } = device.stats();
      seen.push({ heap: heapUsed, outside: arrayBuffers, live: bytesLive, pooled: bytesPooled });
    }
    remote.close();
    expect(stagingOf(device).buffersMade).toBeLessThan(200); // of 2,000 uploads
    const [, early] = seen;
    const late = seen.at(-1)!;
    // 600 of 1,000 batches of 48 KB would be 28 MiB. How many blocks the pool ends with depends on when garbage is collected.
    for (const kind of ["heap", "outside", "live", "pooled"] as const) {
      expect(late[kind] - early![kind], kind).toBeLessThan((kind === "pooled" ? 8 : 2) * MIB);
    }
  },
);
