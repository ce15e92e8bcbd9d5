// npm run bench [-- part of a name]: how long each workload takes on this machine's adapter, and what it asks of the GPU.

import Benchmark from "benchmark";
import { type Device, init, manualSeed, type Tensor } from "tapegrad";
import { type Workload, workloads } from "./workloads.js";

const WARM_UP = 5; // runs: shaders compile in the first, the pool fills in the next
const COUNTED = ["dispatches", "submits", "buffersCreated", "bindGroupsCreated", "shaderModulesCreated"] as const;

/** Waits until the GPU has computed a tensor, by reading one element of it. */
async function finish(tensor: Tensor): Promise<void> {
  await tensor.flatten().select(0, 0).item();
}

/** What a run launches and creates, its readback included: of each the median of nine runs. */
async function countRuns(run: () => Tensor, device: Device): Promise<number[]> {
  const counts: number[][] = [];
  for (let i = 0; i < 9; i++) {
    const before = device.stats();
    await finish(run());
    const after = device.stats();
    counts.push(COUNTED.map((name) => after[name] - before[name]));
  }
  return COUNTED.map((_, k) => median(counts.map((count) => count[k]!)));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

/** Milliseconds per run, one sample per cycle of the benchmark package. */
function time(name: string, run: () => Tensor): Promise<number[]> {
  return new Promise((resolve, reject) => {
    new Benchmark(name, {
      defer: true,
      minSamples: 15,
      maxTime: 3, // seconds
      fn: (deferred: Benchmark.Deferred) => {
        finish(run()).then(() => deferred.resolve(), reject);
      },
      onComplete: ({ target }: Benchmark.Event) => resolve(target.stats!.sample.map((seconds) => seconds * 1000)),
    }).run({ async: true });
  });
}

async function report(workload: Workload, device: Device): Promise<void> {
  manualSeed(0);
  const run = workload.prepare();
  const start = performance.now();
  await finish(run());
  const first = performance.now() - start;
  for (let i = 1; i < WARM_UP; i++) await finish(run());
  const sorted = (await time(workload.name, run)).sort((a, b) => a - b);
  const counts = await countRuns(run, device);
  const middle = median(sorted);
  const [low, high] = [sorted[sorted.length >> 2]!, sorted[(sorted.length * 3) >> 2]!];
  const rate = [
    workload.flops === undefined ? "" : `${(workload.flops / middle / 1e6).toFixed(1)} GFLOP/s`,
    workload.bytes === undefined ? "" : `${(workload.bytes / middle / 1e6).toFixed(1)} GB/s`,
  ].join("");
  const milliseconds = `${middle.toFixed(2)} ms (${low.toFixed(2)} to ${high.toFixed(2)})`;
  console.log(
    [
      workload.name.padEnd(64),
      milliseconds.padEnd(28),
      rate.padEnd(14),
      `${first.toFixed(0)} ms`.padEnd(9),
      ...counts.map((count) => String(count).padStart(5)),
    ].join(" "),
  );
}

const device = await init();
const { description, device: chip, isSoftware } = device.adapter;
console.log(`adapter: ${description || chip}${isSoftware ? " (software: these are not a GPU's times)" : ""}`);
console.log("median (quartiles) of a run and a readback; first run with compilation; then, per warm run,");
console.log("dispatches, submits, buffers, bind groups and shader modules created\n");
for (const workload of workloads) {
  if (workload.name.includes(process.argv[2] ?? "")) await report(workload, device);
}
