// DataLoader: batches of a dataset, in order or shuffled.

import { withoutScope } from "../autograd/scope.js";
import { type Generator, shuffled } from "../core/philox.js";
import { currentDevice } from "../runtime/current.js";
import { defaultGenerator } from "../tensor/random.js";
import { type Collated, defaultCollate, type NumberTypes } from "./collate.js";
import type { DatasetLike, SampleOf } from "./dataset.js";

export interface DataLoaderOptions<Sample, Batch> {
  /** Samples per batch. Default 1. */
  readonly batchSize?: number;
  /** A new random order every time the loader is iterated. Default false. */
  readonly shuffle?: boolean;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** Where the random order comes from. Default: the global generator, seeded by manualSeed(). */
  readonly generator?: Generator;
  /** Makes a batch of samples. Default: stacks them, field by field. */
  readonly collateFn?: (samples: Sample[]) => Batch;
}

/**
 * Batches of a dataset:
 *
 *     for await (const [inputs, labels] of new DataLoader(dataset, { batchSize: 16, shuffle: true })) ...
 *
 * A field of plain numbers is int32 (labels) if those of the loader's first batch are whole, else float32 (values to
 * predict), and stays so: whole numbers in later batches become float32 too, and fractions after int32 batches are a
 * DTypeError. To predict numbers that may all be whole, return `tensor(value)` from getItem. Arrays are float32; typed
 * arrays, tensors and booleans keep their type.
 */
export class DataLoader<D extends DatasetLike, Batch = Collated<SampleOf<D>>> implements AsyncIterable<Batch> {
  readonly batchSize: number;
  readonly #shuffle: boolean;
  readonly #dropLast: boolean;
  readonly #generator: Generator;
  readonly #collate: ((samples: SampleOf<D>[]) => Batch) | undefined;
  readonly #numberTypes: NumberTypes = new Map();

  constructor(
    readonly dataset: D,
    {
      batchSize = 1,
      shuffle = false,
      dropLast = false,
      generator = defaultGenerator,
      collateFn,
    }: DataLoaderOptions<SampleOf<D>, Batch> = {},
  ) {
    if (!Number.isInteger(batchSize) || batchSize < 1) {
      throw new RangeError(`DataLoader: batchSize must be a whole number above 0, got ${batchSize}`);
    }
    this.batchSize = batchSize;
    this.#shuffle = shuffle;
    this.#dropLast = dropLast;
    this.#generator = generator;
    this.#collate = collateFn;
  }

  /** Number of batches. */
  get length(): number {
    const batches = this.dataset.length / this.batchSize;
    return this.#dropLast ? Math.floor(batches) : Math.ceil(batches);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const count = this.dataset.length;
    const order = this.#shuffle ? shuffled(count, this.#generator) : Int32Array.from({ length: count }, (_, i) => i);
    for (let batch = 0; batch < this.length; batch++) {
      const indices = order.subarray(batch * this.batchSize, (batch + 1) * this.batchSize);
      yield await this.#load(indices);
      await currentDevice().breathe(); // a loop that never reads back has to pause somewhere
    }
  }

  async #load(indices: Int32Array): Promise<Batch> {
    const { dataset } = this;
    if (this.#collate === undefined && dataset.getBatch !== undefined) {
      return withoutScope(() => dataset.getBatch!(indices)) as Batch;
    }
    const samples: SampleOf<D>[] = [];
    for (const index of indices) {
      const sample = withoutScope(() => dataset.getItem(index));
      samples.push((sample instanceof Promise ? await sample : sample) as SampleOf<D>);
    }
    const collate = this.#collate ?? ((all) => defaultCollate(all, this.#numberTypes) as Batch);
    return withoutScope(() => collate(samples));
  }
}
