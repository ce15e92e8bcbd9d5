// The random numbers of the sample that is being made. They are a function of the epoch's seed and of the sample's
// position in the epoch alone, so a seed gives the same batches whatever makes them: the main thread, one worker, many.

import { defaultGenerator, Generator, type GeneratorState, philox, words } from "../core/philox.js";

/** A worker may hold this module twice, so what is current is kept where both find it. */
const CURRENT = Symbol.for("tapegrad.data.current");

/** What a dataset in a worker can know about where it is. */
export interface WorkerInfo {
  /** Number of the worker, from 0 to numWorkers - 1. */
  readonly id: number;
  readonly numWorkers: number;
  /** The epoch's seed, the same in all workers. */
  readonly seed: number;
  /** The worker's own dataset. */
  readonly dataset: unknown;
}

interface Current {
  generator?: Generator | undefined;
  worker?: WorkerInfo | undefined;
}

function current(): Current {
  const place = globalThis as { [CURRENT]?: Current };
  place[CURRENT] ??= {};
  return place[CURRENT];
}

/**
 * The generator of the sample that is being made: for random choices in `getItem` and in transforms. Outside of a
 * loader it is the default generator, which `manualSeed` seeds. A `getItem` that awaits something asks for it before.
 */
export function sampleGenerator(): Generator {
  return current().generator ?? defaultGenerator;
}

/** In a worker, which one it is; undefined in the main thread. */
export function getWorkerInfo(): WorkerInfo | undefined {
  return current().worker;
}

/** @internal Says that this is a worker. */
export function setWorkerInfo(worker: WorkerInfo): void {
  current().worker = worker;
}

/** @internal Runs `body`, up to its first await, with a generator as the sample's. */
export function withSampleGenerator<R>(generator: Generator, body: () => R): R {
  const now = current();
  const before = now.generator;
  now.generator = generator;
  try {
    return body();
  } finally {
    now.generator = before;
  }
}

/** @internal The generator of the sample at a position of an epoch. */
export function generatorAt(seed: number, position: number): Generator {
  return new Generator(hash(seed, position, 1)); // 1 and 2: other counters than those of a Generator's draws
}

/** @internal The seed of an epoch that starts when its generator is in this state. */
export function epochSeed({ seed, draws }: GeneratorState): number {
  return hash(seed, draws, 2);
}

/** 53 bits. */
function hash(seed: number, number: number, purpose: number): number {
  const [low, high] = philox([...words(number), 0, purpose], words(seed)) as [number, number];
  return (high >>> 11) * 2 ** 32 + low;
}
