// One workload, tapegrad alone: times by the benchmark package, and what a run asks of the host and of the GPU.
// Imports nothing from Node, so that a page can use it too.

import { compile, type Device, type Tensor } from "tapegrad";
import type { AdapterRates, Rates } from "./adapter-rates.js";
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
  /** How much of what the adapter can do that is: medians of what it was round by round, in turn with the runs. */
  readonly shares?: Partial<Rates>;
}

const WARM_UP = 5; // runs: shaders compile in the first, the pool fills in the next
const COUNTED_RUNS = 9;
export const QUEUED = 8; // runs
const ROUNDS = 15;
const LONG_MS = 20; // beside which waiting for a run is nothing

/** @returns milliseconds, one sample per run or more */
export type Timer = (name: string, run: () => Promise<void>) => Promise<readonly number[]>;

/** Training steps are measured as they are written and as `compile` replays them. */
export const formsOf = ({ isStep }: Workload): readonly Form[] => (isStep ? ["eager", "replay"] : ["eager"]);
export type Form = "eager" | "replay";

/** @param rates - of the adapter, if the workload's share of them is to be measured */
export async function measureOurs(
  workload: Workload,
  form: Form,
  device: Device,
  timer: Timer,
  rates?: AdapterRates,
): Promise<Measurement> {
  const { inputs, run: written } = workload.tapegrad();
  const work = form === "replay" ? compile(written) : written;
  const run = (): Tensor[] => work(...inputs);
  const start = performance.now();
  await finish(run());
  const firstMs = performance.now() - start;
  for (let i = 1; i < WARM_UP; i++) await finish(run());
  const sorted = [...(await timer(workload.name, () => finish(run())))].sort((a, b) => a - b);
  const medianMs = sorted[sorted.length >> 1]!;
  return {
    name: workload.name,
    form,
    medianMs,
    quartilesMs: [sorted[sorted.length >> 2]!, sorted[(sorted.length * 3) >> 2]!],
    firstMs,
    ...(await countRuns(run, device)),
    ...(await rate(workload, run, medianMs < LONG_MS ? QUEUED : 1, rates)),
  };
}

type Rated = Pick<Measurement, "queuedMs" | "gflops" | "gigabytesPerSecond" | "shares">;

/** Rounds of runs that follow each other, and of what the adapter can do then. */
async function rate(
  { flops, bytes }: Workload,
  run: () => Tensor[],
  count: number,
  rates: AdapterRates | undefined,
): Promise<Rated> {
  const amounts = {
    ...(flops !== undefined && { gflops: flops }),
    ...(bytes !== undefined && { gigabytesPerSecond: bytes }),
  };
  const names = Object.keys(amounts) as (keyof Rates)[];
  if (names.length === 0) return {};
  const times: number[] = [];
  const shares: Partial<Record<keyof Rates, number[]>> = {};
  for (let round = -1; round < ROUNDS; round++) {
    const ms = await timeQueued(run, count);
    if (round < 0) continue;
    times.push(ms);
    for (const name of names) {
      const share = rates && amounts[name]! / ms / 1e6 / (await rates.now(name));
      if (share !== undefined) (shares[name] ??= []).push(share);
    }
  }
  const queuedMs = median(times);
  const each = (of: (name: keyof Rates) => number): Partial<Rates> => Object.fromEntries(names.map((n) => [n, of(n)]));
  return {
    queuedMs,
    ...each((name) => amounts[name]! / queuedMs / 1e6),
    ...(rates && { shares: each((name) => median(shares[name]!)) }),
  };
}

async function timeQueued(run: () => Tensor[], count: number): Promise<number> {
  const start = performance.now();
  const waits = Array.from({ length: count }, () => {
    const outputs = run();
    const wait = finish(outputs);
    for (const output of outputs) if (!output.requiresGrad || !output.isLeaf) output.dispose(); // or memory piles up
    return wait;
  });
  await Promise.all(waits);
  return (performance.now() - start) / count;
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
