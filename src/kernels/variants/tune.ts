// Measuring variants on the adapter at hand.

import type { Device } from "../../runtime/device.js";
import { candidates, forgetChoices, imposing, knowledgeOf } from "./choice.js";
import { remember } from "./memory.js";
import { testVariant } from "./self-test.js";
import { allFamilies, canRun, type Family, isAtRisk, type Trial, type Variant } from "./variant.js";

export interface TuneOptions {
  /** Families of kernels, for instance `["matmul"]`; all that the program has loaded unless given. */
  readonly families?: readonly string[];
  /** Shape classes, by a part of their names; all unless given. */
  readonly shapes?: readonly string[];
  /** Times that each variant is measured, alternating with the others. */
  readonly rounds?: number;
}

/** What `tune` found for a shape class. */
export interface TuneResult {
  readonly family: string;
  readonly shapeClass: string;
  /** Milliseconds by variant: the median of the rounds. */
  readonly times: Readonly<Record<string, number>>;
  readonly fastest: string;
}

const LEAST_MS = 10; // per sample: launching and reading back must not be what is compared

/** Tests and times the variants of kernels, and remembers the fastest for each shape class. */
export async function tuneVariants(device: Device, options: TuneOptions = {}): Promise<TuneResult[]> {
  const { families, shapes, rounds = 5 } = options;
  await device.synchronize(); // throws what went wrong before, which is no variant's fault
  const results: TuneResult[] = [];
  for (const family of allFamilies()) {
    if (families?.includes(family.name) === false) continue;
    for (const variant of family.variants) {
      if (canRun(variant, device) && isAtRisk(variant)) await testVariant(device, family, variant);
    }
    for (const trial of family.typical(device)) {
      if (shapes?.some((part) => trial.shapeClass.includes(part)) === false) continue;
      const times = await device.readback.timing(() => compare(device, family, trial, rounds));
      const [fastest] = Object.entries(times).reduce((best, entry) => (entry[1] < best[1] ? entry : best));
      knowledgeOf(device).fastest.set(`${family.name}/${trial.shapeClass}`, fastest);
      results.push({ family: family.name, shapeClass: trial.shapeClass, times, fastest });
    }
  }
  forgetChoices(device);
  await remember(device);
  return results;
}

async function compare(
  device: Device,
  family: Family<unknown>,
  trial: Trial,
  rounds: number,
): Promise<Record<string, number>> {
  const variants = candidates(device, family, trial.shapeClass);
  const once = (variant: Variant<unknown>, runs: number): Promise<number> =>
    time(device, runs, () => {
      imposing(device, family.name, variant, () => {
        const array = trial.run();
        array.realize();
        array.release();
      });
    });
  const samples = variants.map((): number[] => []);
  const runs: number[] = [];
  for (const variant of variants) {
    await once(variant, 1); // compiles
    runs.push(Math.max(1, Math.ceil(LEAST_MS / (await once(variant, 1)))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [v, variant] of variants.entries()) samples[v]!.push((await once(variant, runs[v]!)) / runs[v]!);
  }
  return Object.fromEntries(variants.map(({ name }, v) => [name, median(samples[v]!)]));
}

async function time(device: Device, runs: number, run: () => void): Promise<number> {
  await device.synchronize();
  const start = performance.now();
  for (let i = 0; i < runs; i++) run();
  await device.synchronize();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
