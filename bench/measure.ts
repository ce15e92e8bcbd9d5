// One workload, tapegrad alone: times by the benchmark package, and what a run asks of the host and of the GPU.
// Imports nothing from Node, so that a page can use it too.

import { compile, type Device, type Tensor } from "tapegrad";
import { finish } from "./frameworks/finish.js";
import { median } from "./median.js";
import type { Workload } from "./workloads/workload.js";

/** What a warm run launches and creates, its readback included. */
export const COUNTED = [
  "dispatches",
  "submits",
  "buffersCreated",
  "bindGroupsCreated",
  "shaderModulesCreated",
] as const;

export interface Measurement {
  readonly name: string;
  readonly form: Form;
  /** Milliseconds of a run and a readback of one element: median and quartiles. */
  readonly medianMs: number;
  readonly quartilesMs: readonly [number, number];
  /** Milliseconds per run of several that follow each other, with one wait at their end: median; where rates are taken. */
  readonly queuedMs?: number;
  /** Milliseconds of the first run, with compilation. */
  readonly firstMs: number;
  /** Milliseconds of JavaScript to record a run and hand it to the queue, without waiting. */
  readonly hostMs: number;
  readonly counts: Readonly<Record<(typeof COUNTED)[number], number>>;
  /** While runs follow each other: the time that it takes to wait for one is not the adapter's arithmetic. */
  readonly gflops?: number;
  readonly gigabytesPerSecond?: number;
}

const WARM_UP = 5; // runs: shaders compile in the first, the pool fills in the next
const COUNTED_RUNS = 9;
export const QUEUED = 8; // runs
const QUEUED_ROUNDS = 21;
const LONG_MS = 20; // beside which waiting for a run is nothing

/** @returns milliseconds, one sample per run or more */
export type Timer = (name: string, run: () => Promise<void>) => Promise<readonly number[]>;

/** Training steps are measured as they are written and as `compile` replays them. */
export const formsOf = ({ isStep }: Workload): readonly Form[] => (isStep ? ["eager", "replay"] : ["eager"]);
export type Form = "eager" | "replay";

export async function measureOurs(workload: Workload, form: Form, device: Device, timer: Timer): Promise<Measurement> {
  const { inputs, run: written } = workload.tapegrad();
  const work = form === "replay" ? compile(written) : written;
  const run = (): Tensor[] => work(...inputs);
  const start = performance.now();
  await finish(run());
  const firstMs = performance.now() - start;
  for (let i = 1; i < WARM_UP; i++) await finish(run());
  const sorted = [...(await timer(workload.name, () => finish(run())))].sort((a, b) => a - b);
  const medianMs = sorted[sorted.length >> 1]!;
  const { hostMs, counts } = await countRuns(run, device);
  const { flops, bytes } = workload;
  const isRated = flops !== undefined || bytes !== undefined;
  const queuedMs = isRated && medianMs < LONG_MS ? await timeQueued(run) : medianMs;
  return {
    name: workload.name,
    form,
    medianMs,
    quartilesMs: [sorted[sorted.length >> 2]!, sorted[(sorted.length * 3) >> 2]!],
    firstMs,
    hostMs,
    counts,
    ...(isRated && { queuedMs }),
    ...(flops !== undefined && { gflops: flops / queuedMs / 1e6 }),
    ...(bytes !== undefined && { gigabytesPerSecond: bytes / queuedMs / 1e6 }),
  };
}

async function timeQueued(run: () => Tensor[]): Promise<number> {
  const times: number[] = [];
  for (let round = -1; round < QUEUED_ROUNDS; round++) {
    const start = performance.now();
    const waits = Array.from({ length: QUEUED }, () => {
      const outputs = run();
      const wait = finish(outputs);
      for (const output of outputs) if (!output.requiresGrad || !output.isLeaf) output.dispose(); // or memory piles up
      return wait;
    });
    await Promise.all(waits);
    if (round >= 0) times.push((performance.now() - start) / QUEUED);
  }
  return median(times);
}

async function countRuns(run: () => Tensor[], device: Device): Promise<Pick<Measurement, "hostMs" | "counts">> {
  const runs: { hostMs: number; counts: number[] }[] = [];
  for (let i = 0; i < COUNTED_RUNS; i++) {
    const before = device.stats();
    const start = performance.now();
    const outputs = run();
    device.flush();
    const hostMs = performance.now() - start;
    await finish(outputs);
    const after = device.stats();
    runs.push({ hostMs, counts: COUNTED.map((name) => after[name] - before[name]) });
  }
  const counts = COUNTED.map((name, k) => [name, median(runs.map((each) => each.counts[k]!))]);
  return { hostMs: median(runs.map((each) => each.hostMs)), counts: Object.fromEntries(counts) };
}
