// npm run bench [-- part of a name]: how long each workload takes on this machine's adapter, how near that is to what
// the adapter can do, and what it asks of host and GPU. A whole run is written to bench/results/.

import Benchmark from "benchmark";
import { init, manualSeed } from "tapegrad";
import { type AdapterRates, measureRates } from "./adapter-rates.js";
import { COUNTED, formsOf, type Measurement, measureOurs } from "./measure.js";
import { type Circumstances, writeReport } from "./report-file.js";
import { workloads } from "./workloads/index.js";

/** The file of a whole run. */
export interface OurResults extends Circumstances {
  readonly kind: "ours";
  readonly rates: AdapterRates;
  readonly workloads: readonly Measurement[];
}

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

function line(measured: Measurement, rates: AdapterRates): string {
  const { name, form, medianMs, quartilesMs, gflops, gigabytesPerSecond, firstMs, hostMs, counts } = measured;
  const of = (value: number | undefined, whole: number, unit: string): string =>
    value === undefined ? "" : `${value.toFixed(2)} ${unit} ${((100 * value) / whole).toFixed(0)}%`;
  return [
    `${name.slice(0, 48)}${form === "replay" ? " replayed" : ""}`.padEnd(57),
    `${medianMs.toFixed(2)} (${quartilesMs.map((ms) => ms.toFixed(2)).join(" to ")})`.padEnd(25),
    of(gflops, rates.gflops, "GFLOP/s").padEnd(19),
    of(gigabytesPerSecond, rates.gigabytesPerSecond, "GB/s").padEnd(15),
    firstMs.toFixed(0).padStart(6),
    hostMs.toFixed(2).padStart(7),
    ...COUNTED.map((counted) => String(counts[counted]).padStart(4)),
  ].join(" ");
}

const device = await init();
const { description, device: chip, isSoftware } = device.adapter;
console.log(`adapter: ${description || chip}${isSoftware ? " (software: these are not a GPU's times)" : ""}`);
const rates = await measureRates(device);
console.log(
  `fastest multiply-adds ${rates.gflops.toFixed(1)} GFLOP/s, copy ${rates.gigabytesPerSecond.toFixed(1)} GB/s`,
);
console.log(
  "milliseconds of a run and a readback: median (quartiles); operations and bytes per second, and how much of",
);
console.log("the adapter's rates that is; milliseconds of the first run, and of the host per run; then, per warm run,");
console.log("dispatches, submits, buffers, bind groups and shader modules created\n");
const part = process.argv[2] ?? "";
const measured: Measurement[] = [];
for (const workload of workloads) {
  if (!workload.name.includes(part)) continue;
  for (const form of formsOf(workload)) {
    manualSeed(0);
    measured.push(await measureOurs(workload, form, device, time));
    console.log(line(measured.at(-1)!, rates));
  }
}
if (part === "") {
  const { name, architecture } = device.adapter;
  writeReport("ours", name ?? architecture, { description, rates, workloads: measured });
}
process.exit(0); // Dawn keeps the process alive
