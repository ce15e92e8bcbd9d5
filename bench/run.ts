// npm run bench [-- part of a name]: how long each workload takes on this machine's adapter, how near that is to what
// the adapter can do, and what it asks of host and GPU. A whole run is written to bench/results/.

import Benchmark from "benchmark";
import { init, manualSeed } from "tapegrad";
import { AdapterRates } from "./adapter-rates.js";
import { line } from "./line.js";
import { formsOf, type Measurement, measureOurs, QUEUED } from "./measure.js";
import { writeReport } from "./report-file.js";
import { workloads } from "./workloads/index.js";

/** Milliseconds per run, one sample per cycle of the benchmark package. */
function time(name: string, run: () => Promise<void>): Promise<number[]> {
  return new Promise((resolve, reject) => {
    new Benchmark(name, {
      defer: true,
      minSamples: 5,
      maxTime: 2, // seconds
      fn: (deferred: Benchmark.Deferred) => {
        run().then(() => deferred.resolve(), reject);
      },
      onComplete: ({ target }: Benchmark.Event) => resolve(target.stats!.sample.map((seconds) => seconds * 1000)),
    }).run({ async: true });
  });
}

const device = await init();
const { description, device: chip, isSoftware } = device.adapter;
console.log(`adapter: ${description || chip}${isSoftware ? " (software: these are not a GPU's times)" : ""}`);
const rates = await AdapterRates.of(device);
console.log(
  `milliseconds of a run and a readback, median (quartiles), and of a run among ${QUEUED} with one wait at their end;
operations and bytes per second of those, and how much of what the adapter can do then that is; milliseconds of the first run,
and of the host per run; then, per warm run, dispatches, submits, buffers, bind groups and shader modules created\n`,
);
const part = process.argv[2] ?? "";
const measured: Measurement[] = [];
for (const workload of workloads) {
  if (!workload.name.includes(part)) continue;
  for (const form of formsOf(workload)) {
    manualSeed(0);
    measured.push(await measureOurs(workload, form, device, time, rates));
    console.log(line(measured.at(-1)!));
  }
}
const { gflops, gigabytesPerSecond } = rates.usual;
console.log(`\nmultiply-adds ${gflops.toFixed(1)} GFLOP/s, copy ${gigabytesPerSecond.toFixed(1)} GB/s`);
if (part === "") {
  const { name, architecture } = device.adapter;
  writeReport("ours", name ?? architecture, { description, rates: rates.usual, workloads: measured });
}
process.exit(0); // Dawn keeps the process alive
