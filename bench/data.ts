// npm run bench:data: how fast samples are loaded, how much of that a training step hides, what is copied.
//
// Images are float32 [3, 64, 64] made from bytes, 32 to a batch. The step takes as long as the loading and keeps the main
// thread busy all the time, as a step does whose kernels are launched from there.

import { init, type Tensor } from "tapegrad";
import { BATCH, loaderOf, type Step, timeEpoch } from "./data/epoch.js";
import { median } from "./median.js";
import { writeReport } from "./report-file.js";
import type { Circumstances, DataReport } from "./report-types.js";

const device = await init();
const { description, device: chip, isSoftware } = device.adapter;
console.log(`adapter: ${description || chip}${isSoftware ? " (software)" : ""}`);

/** Bytes that the queue was given to copy: what was not staged ahead. */
let queued = 0;
const write = device.gpu.queue.writeBuffer.bind(device.gpu.queue) as (...args: unknown[]) => undefined;
device.gpu.queue.writeBuffer = (...args: unknown[]) => {
  const { byteLength } = args[2] as ArrayBufferView;
  if (byteLength > 4096 && args.length === 3) queued += byteLength;
  return write(...args);
};

/** Uploads the batch and waits for it; nothing else. */
const idle: Step = async (images) => {
  await images.flatten().narrow(0, 0, 1).add(1).item();
};

const busy =
  (milliseconds: number): Step =>
  async (images) => {
    await idle(images);
    for (const end = performance.now() + milliseconds; performance.now() < end; );
  };

async function throughput(): Promise<DataReport["throughput"]> {
  const rows: DataReport["throughput"][number][] = [];
  console.log(
    "\nsamples per second, the loop only uploads; and kB per batch: made, and copied by the queue in the loop",
  );
  for (const work of ["light", "heavy"] as const) {
    const batches = work === "light" ? 60 : 15;
    for (const numWorkers of [0, 1, 2]) {
      for (const pinMemory of [false, true]) {
        queued = 0;
        const ms = await timeEpoch(batches, { work, numWorkers, pinMemory }, idle);
        const rate = (1000 * batches * BATCH) / ms;
        const kilobytes = (bytes: number): string => (bytes / 1000).toFixed(0).padStart(6);
        const made = BATCH * 3 * 64 * 64 * 4;
        const bytesQueued = queued / (2 * batches);
        rows.push({ work, numWorkers, pinMemory, samplesPerSecond: rate, bytesMade: made, bytesQueued });
        console.log(
          `${work.padEnd(6)} ${numWorkers} workers ${pinMemory ? "pinned" : "      "} ${rate.toFixed(0).padStart(7)}` +
            `${kilobytes(made)}${kilobytes(bytesQueued)}`,
        );
      }
    }
  }
  return rows;
}

/** What a second worker brings where loading is bound by the processor and the loop does nothing. */
async function scaling(): Promise<DataReport["scaling"]> {
  const batches = 32;
  const times: number[][] = [[], []];
  for (let round = 0; round < 3; round++) {
    for (const [i, numWorkers] of [1, 2].entries()) {
      times[i]!.push(await timeEpoch(batches, { work: "heavy", numWorkers, pinMemory: false }, () => undefined));
    }
  }
  const [one, two] = times.map(median) as [number, number];
  console.log(
    `\nheavy, ${batches} batches: 1 worker ${one.toFixed(0)} ms, 2 workers ${two.toFixed(0)} ms: ${(one / two).toFixed(2)} times as fast`,
  );
  return { oneMs: one, twoMs: two };
}

/** How much of the time that loading takes by itself, a step of the same cost hides. */
async function hiding(): Promise<DataReport["hiding"]> {
  const milliseconds = 2; // per sample
  const batches = 15;
  const alone = await timeEpoch(batches, { work: milliseconds, numWorkers: 0, pinMemory: false }, idle);
  const step = busy(milliseconds * BATCH);
  let first: Tensor | undefined;
  for await (const [images] of await loaderOf(1, { work: "light", numWorkers: 0, pinMemory: false })) first = images;
  const start = performance.now();
  for (let i = 0; i < batches; i++) await step(first!);
  const steps = performance.now() - start;
  console.log(
    `\n${milliseconds} ms per sample: loading alone ${alone.toFixed(0)} ms, ${batches} steps alone ${steps.toFixed(0)} ms`,
  );
  const rows: DataReport["hiding"]["rows"][number][] = [];
  for (const numWorkers of [0, 1, 2]) {
    for (const pinMemory of [false, true]) {
      const both = await timeEpoch(batches, { work: milliseconds, numWorkers, pinMemory }, step);
      const hidden = 1 - (both - steps) / alone;
      rows.push({ numWorkers, pinMemory, ms: both, hidden });
      console.log(
        `${numWorkers} workers ${pinMemory ? "pinned" : "      "} ${both.toFixed(0).padStart(6)} ms together: ` +
          `${(100 * hidden).toFixed(0)}% of the loading is hidden`,
      );
    }
  }
  return { millisecondsPerSample: milliseconds, loadingMs: alone, stepsMs: steps, rows };
}

/** Milliseconds a loop is held up by each batch whose samples are ready: handing it over, and its upload. */
async function handingOver(): Promise<DataReport["handingOver"]> {
  const medians: number[] = [];
  console.log("\nmilliseconds per batch that the loop waits for a batch and its upload, the worker being ahead");
  for (const pinMemory of [false, true]) {
    const batches = 40;
    const loader = await loaderOf(batches, { work: "light", numWorkers: 1, pinMemory });
    const waits: number[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      let since = performance.now();
      for await (const [images] of loader) {
        images.add(1).array.realize(); // launches a kernel, which uploads
        if (epoch > 0) waits.push(performance.now() - since);
        await new Promise((resolve) => setTimeout(resolve, 60)); // the GPU works, the worker is ahead
        await idle(images);
        since = performance.now();
      }
    }
    medians.push(median(waits));
    console.log(`${pinMemory ? "pinned    " : "not pinned"} ${median(waits).toFixed(2)} (median)`);
  }
  return { queuedMs: medians[0]!, pinnedMs: medians[1]! };
}

const adapter = process.env["TAPEGRAD_ADAPTER"] ?? chip;
writeReport("data", adapter, {
  throughput: await throughput(),
  scaling: await scaling(),
  hiding: await hiding(),
  handingOver: await handingOver(),
} satisfies Omit<DataReport, keyof Circumstances>);
process.exit(0); // Dawn keeps the process alive
