// Datasets made of datasets: a part of one, several behind each other.

import { TapegradError } from "../core/errors.js";
import {
  batchesOf,
  Dataset,
  type DatasetLike,
  hasIndices,
  IterableDataset,
  type IterableLike,
  outOfRange,
  PART,
  type SampleOf,
} from "./dataset.js";

/** Some samples of a dataset, by index. */
export class Subset<D extends DatasetLike> extends Dataset<SampleOf<D>> {
  constructor(
    readonly dataset: D,
    readonly indices: ArrayLike<number>,
  ) {
    super();
  }

  getItem(index: number): SampleOf<D> | Promise<SampleOf<D>> {
    return this.dataset.getItem(this.indexOf(index)) as SampleOf<D> | Promise<SampleOf<D>>;
  }

  /** A loader may take the whole dataset's samples in place of this one's, as long as no subclass changes them. */
  get [PART](): D {
    return this.dataset;
  }

  /** Undefined where the whole dataset makes samples one by one. */
  get getBatch(): ((indices: Int32Array) => unknown) | undefined {
    const getBatch = batchesOf(this.dataset);
    return getBatch && ((own) => getBatch(own.map((index) => this.indexOf(index))));
  }

  /** The index in the whole dataset of a sample; -1 is the last one here. */
  indexOf(own: number): number {
    const index = this.indices[own < 0 ? own + this.length : own];
    if (index !== undefined) return index;
    throw outOfRange("Subset", own, this.length);
  }

  get length(): number {
    return this.indices.length;
  }
}

/**
 * Datasets behind each other: the second one's indices go on where the first one's end.
 * @throws TapegradError if there are no datasets, or one has no indices
 */
export class ConcatDataset<D extends DatasetLike> extends Dataset<SampleOf<D>> {
  readonly datasets: readonly D[];
  /** Of each dataset, how many samples there are up to its end. */
  readonly cumulativeSizes: readonly number[];

  constructor(datasets: Iterable<D>) {
    super();
    this.datasets = [...datasets];
    if (this.datasets.length === 0) throw new TapegradError("ConcatDataset", "datasets should not be an empty list");
    if (!this.datasets.every(hasIndices)) {
      throw new TapegradError("ConcatDataset", "does not take datasets without indices: chain them with ChainDataset");
    }
    let end = 0;
    this.cumulativeSizes = this.datasets.map(({ length }) => (end += length));
  }

  /** @param index - -1 is the last sample */
  getItem(index: number): SampleOf<D> | Promise<SampleOf<D>> {
    const own = index < 0 ? index + this.length : index;
    if (!(own >= 0 && own < this.length)) {
      throw outOfRange("ConcatDataset", index, this.length);
    }
    const which = this.cumulativeSizes.findIndex((end) => own < end);
    const start = which === 0 ? 0 : this.cumulativeSizes[which - 1]!;
    return this.datasets[which]!.getItem(own - start) as SampleOf<D> | Promise<SampleOf<D>>;
  }

  get length(): number {
    return this.cumulativeSizes.at(-1)!;
  }
}

/**
 * Iterable datasets one after the other.
 * @throws TapegradError when it meets a dataset that is not iterable
 */
export class ChainDataset<D extends IterableLike> extends IterableDataset<SampleOf<D>> {
  readonly datasets: readonly D[];

  constructor(datasets: Iterable<D>) {
    super();
    this.datasets = [...datasets];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SampleOf<D>, void, undefined> {
    for (const dataset of this.datasets) {
      if (!(Symbol.asyncIterator in dataset || Symbol.iterator in dataset)) {
        throw new TapegradError("ChainDataset", "only takes iterable datasets: ConcatDataset takes those with indices");
      }
      yield* dataset as unknown as AsyncIterable<SampleOf<D>>;
    }
  }

  /** All lengths together, where all datasets have one. */
  get length(): number {
    return this.datasets.reduce((sum, { length }) => sum + (length ?? Number.NaN), 0);
  }
}
