// Datasets: samples by index, or one after another. Nothing here needs a GPU, so that all of it runs in workers.
//
// src/data, from below:
//   host-array.ts        what a sample is made of on the host; transforms/ work on it
//   dataset.ts           what a dataset is; combined.ts and split.ts make datasets of datasets
//   sample-stream.ts     the random numbers of the sample that is being made
//   transforms/          images made other images, on the host; augment/ does so with batches, on the GPU
//   samplers/            which samples, in which order
//   collate/             samples made batches: on the host, then tensors
//   workers/             datasets in worker threads, and what goes to and fro
//   loader/              DataLoader: options, epochs, state, staging
//   datasets/            MNIST and others
//   host.ts              what a module that runs in a worker may import: `tapegrad/data`

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
  getBatch?(indices: Int32Array): unknown;
}

/** What loaders need of a dataset without indices; a generator or an array will do. */
export type IterableLike = (Iterable<unknown> | AsyncIterable<unknown>) & { readonly length?: number };

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
