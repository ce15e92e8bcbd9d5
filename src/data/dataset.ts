// Datasets: samples by index, or one after another. Nothing here needs a GPU, so that all of it runs in workers.
//
// src/data, from below:
//   host-array.ts        what a sample is made of on the host; transforms/ work on it
//   dataset.ts           what a dataset is; combined.ts and split.ts make datasets of datasets, tensor-dataset.ts of tensors
//   sample-stream.ts     the random numbers of the sample that is being made
//   transforms/          images made other images, on the host; augment/ does so with batches, on the GPU
//   samplers/            which samples, in which order
//   collate/             samples made batches: on the host, then tensors
//   workers/             datasets in worker threads, and what goes to and fro
//   loader/              DataLoader: options, epochs, state, staging
//   datasets/            MNIST and others
//   host.ts              what a module that runs in a worker may import: `tapegrad/data`

import { describe } from "../core/check.js";
import { OutOfRangeError, TapegradError } from "../core/errors.js";

/** @internal The error of an index that a dataset has not. */
export function outOfRange(op: string, index: number, length: number): OutOfRangeError {
  return new OutOfRangeError(op, `index ${index} is not among its ${length} samples`);
}

/**
 * Samples by index. A sample is usually a pair [input, label]; its parts may be numbers, nested arrays of numbers, typed
 * arrays, host arrays or tensors, and the loader stacks them to batches.
 *
 *     class MyDataset extends data.Dataset {
 *       getItem(index: number) {
 *         return [this.x[index]!, this.y[index]!] as const;
 *       }
 *       get length() {
 *         return this.x.length;
 *       }
 *     }
 *
 * Random numbers for augmentation come from `sampleGenerator()`, so that a seed repeats them.
 */
export abstract class Dataset<Sample = unknown> {
  abstract getItem(index: number): Sample | Promise<Sample>;
  abstract readonly length: number;
}

/**
 * Samples one after another, where there is no index or no length: a stream, a file larger than memory.
 *
 *     class Lines extends data.IterableDataset<Int32Array> {
 *       async *[Symbol.asyncIterator]() {
 *         for await (const line of open()) yield encode(line);
 *       }
 *     }
 *
 * Each worker has a dataset of its own and would yield everything again: `getWorkerInfo()` says which part is its.
 */
export abstract class IterableDataset<Sample = unknown> implements AsyncIterable<Sample> {
  abstract [Symbol.asyncIterator](): AsyncIterator<Sample>;
}

/** What loaders and wrappers need of a dataset; a plain object will do. */
export interface DatasetLike {
  getItem(index: number): unknown;
  readonly length: number;
  /** Several samples at once, already stacked, where that is cheaper. */
  readonly getBatch?: ((indices: Int32Array) => unknown) | undefined;
}

/** What loaders need of a dataset without indices; a generator or an array will do. */
export type IterableLike = (Iterable<unknown> | AsyncIterable<unknown>) & { readonly length?: number | undefined };

/** A sample of a dataset. */
export type SampleOf<D> = D extends { getItem(index: number): infer Sample }
  ? Awaited<Sample>
  : D extends AsyncIterable<infer Sample> | Iterable<infer Sample>
    ? Sample
    : unknown;

/** Whether a dataset has indices. */
export function hasIndices(dataset: DatasetLike | IterableLike): dataset is DatasetLike {
  return "getItem" in dataset;
}

/** @internal Throws unless a loader can take it. */
export function checkDataset(dataset: unknown): void {
  if (typeof dataset === "object" && dataset !== null) {
    if (["getItem", Symbol.iterator, Symbol.asyncIterator].some((name) => name in dataset)) return;
  }
  const wanted = "takes a dataset, which has getItem and length, or is iterable";
  throw new TapegradError("DataLoader", `${wanted}, got ${describe(dataset)}`);
}

/** Marks a part of a dataset, also that of another copy of this module, with the class that made it one. */
export const PART = Symbol.for("tapegrad.data.part");

/** How far up an object's prototypes a property is: 0 is the object's own, Infinity is nowhere. */
export function levelOf(object: object, name: PropertyKey): number {
  let level = 0;
  for (let at: object | null = object; at !== null; at = Object.getPrototypeOf(at), level++) {
    if (Object.hasOwn(at, name)) return level;
  }
  return Number.POSITIVE_INFINITY;
}

/**
 * What makes several samples of a dataset at once, or undefined. A getBatch that a class inherits knows nothing of a
 * getItem that the class has of its own: then samples are made one by one.
 */
export function batchesOf(dataset: DatasetLike): ((indices: Int32Array) => unknown) | undefined {
  if (dataset.getBatch === undefined || levelOf(dataset, "getBatch") > levelOf(dataset, "getItem")) return undefined;
  return (indices) => dataset.getBatch!(indices);
}
