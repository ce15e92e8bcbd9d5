// Runs in the page of bench:browser: measures one workload after the other, when it is told to.

import { type Device, init, manualSeed } from "tapegrad";
import { AdapterRates, type Rates } from "./adapter-rates.js";
import { formsOf, type Measurement, measureOurs } from "./measure.js";
import { workloads } from "./workloads/index.js";

const SAMPLES = 5; // at least
const PATIENCE = 1000; // milliseconds of sampling, once there are enough

export interface PageBenchmark {
  open(): Promise<{ description: string; adapter: string; names: string[] }>;
  measure(index: number): Promise<Measurement[]>;
  /** Usual ones of the adapter, since `open`. */
  rates(): Rates;
}

let device: Device;
let rates: AdapterRates;

async function time(_: string, run: () => Promise<void>): Promise<number[]> {
  const samples: number[] = [];
  for (const start = performance.now(); samples.length < SAMPLES || performance.now() - start < PATIENCE; ) {
    const before = performance.now();
    await run();
    samples.push(performance.now() - before);
  }
  return samples;
}

const benchmark: PageBenchmark = {
  async open() {
    device = await init();
    rates = await AdapterRates.of(device);
    const { description, device: chip, architecture } = device.adapter;
    return {
      description: description || chip || architecture,
      adapter: architecture || "unknown",
      names: workloads.map(({ name }) => name),
    };
  },
  async measure(index) {
    const workload = workloads[index]!;
    const measured: Measurement[] = [];
    for (const form of formsOf(workload)) {
      manualSeed(0);
      measured.push(await measureOurs(workload, form, device, time, rates));
    }
    return measured;
  },
  rates: () => rates.usual,
};

Object.assign(globalThis, { benchmark });
