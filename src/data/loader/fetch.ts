// Samples of a dataset, made in this thread: in a worker, or in the loop itself.

import { TapegradError } from "../../core/errors.js";
import { batchesOf, type DatasetLike, type IterableLike } from "../dataset.js";
import { generatorAt, withSampleGenerator } from "../sample-stream.js";
import type { Task } from "./epoch.js";

/** Runs what makes a sample; the main thread keeps its tensors out of the caller's scope. */
export type Around = <R>(body: () => R) => R;

/** The samples of a task, one after the other; of a list for getBatch, what that makes of it. */
export async function samplesAt(
  dataset: DatasetLike,
  seed: number,
  { indices, position, isList }: Pick<Task, "indices" | "position" | "isList">,
  around: Around = (body) => body(),
): Promise<unknown[]> {
  if (isList && batchesOf(dataset) === undefined) {
    const problem = "sampler yields lists of indices, and the dataset has no getBatch to take them";
    throw new TapegradError("DataLoader", `${problem}: pass it as batchSampler, without batchSize: null`);
  }
  if (isList) return [await batchAt(dataset, seed, { indices, position }, around)];
  const samples: unknown[] = [];
  for (const [i, index] of indices.entries()) {
    const generator = generatorAt(seed, position + i);
    const sample = around(() => withSampleGenerator(generator, () => dataset.getItem(index)));
    samples.push(sample instanceof Promise ? await sample : sample);
  }
  return samples;
}

/**
 * Samples of a dataset without indices, `count` at a time. Each has its random numbers by its position; workers have
 * the positions of one epoch among them.
 */
export async function* samplesOf(
  dataset: IterableLike,
  seed: number,
  { count, dropLast }: { readonly count: number; readonly dropLast: boolean },
  { first = 0, step = 1 }: { readonly first?: number; readonly step?: number } = {},
  around: Around = (body) => body(),
): AsyncGenerator<unknown[], void, undefined> {
  let position = first;
  const generator = (): ReturnType<typeof generatorAt> => generatorAt(seed, position);
  const samples = around(() => withSampleGenerator(generator(), () => iteratorOf(dataset)));
  let batch: unknown[] = [];
  try {
    for (;;) {
      const made = around(() => withSampleGenerator(generator(), () => samples.next()));
      const next = made instanceof Promise ? await made : made;
      if (next.done) break;
      position += step;
      if (batch.push(next.value) < count) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !dropLast) yield batch;
  } finally {
    await samples.return?.();
  }
}

function iteratorOf(dataset: IterableLike): Iterator<unknown> | AsyncIterator<unknown> {
  if (Symbol.asyncIterator in dataset) return dataset[Symbol.asyncIterator]();
  return (dataset as Iterable<unknown>)[Symbol.iterator]();
}

/** A batch the dataset stacks itself, or undefined. */
export function batchAt(
  dataset: DatasetLike,
  seed: number,
  { indices, position }: Pick<Task, "indices" | "position">,
  around: Around = (body) => body(),
): unknown {
  return around(() => withSampleGenerator(generatorAt(seed, position), () => batchesOf(dataset)?.(indices)));
}
