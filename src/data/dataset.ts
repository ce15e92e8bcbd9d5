// Datasets: samples by index.

import { OutOfRangeError, TapegradError } from "../core/errors.js";
import { type Generator, shuffled } from "../core/philox.js";
import { defaultGenerator } from "../tensor/random.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * Samples by index. A sample is usually a pair [input, label]; its parts may be numbers, nested arrays of numbers, typed
 * arrays or tensors, and the loader stacks them to batches.
 *
 *     class MyDataset extends data.Dataset {
 *       getItem(index: number) {
 *         return [this.x[index]!, this.y[index]!] as const;
 *       }
 *       get length() {
 *         return this.x.length;
 *       }
 *     }
 */
export abstract class Dataset<Sample = unknown> {
  abstract getItem(index: number): Sample | Promise<Sample>;
  abstract readonly length: number;
}

/** What loaders and wrappers need of a dataset; a plain object will do. */
export interface DatasetLike {
  getItem(index: number): unknown;
  readonly length: number;
  /** Several samples at once, already stacked, where that is cheaper. */
  getBatch?(indices: Int32Array): unknown;
}

export type SampleOf<D extends DatasetLike> = Awaited<ReturnType<D["getItem"]>>;

/** Rows of tensors that are equally long. */
export class TensorDataset extends Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: readonly Tensor[]) {
    super();
    const lengths = tensors.map((tensor) => tensor.size(0));
    if (new Set(lengths).size !== 1) {
      throw new TapegradError("TensorDataset", `tensors must be equally long, got ${lengths.join(", ")} rows`);
    }
    this.tensors = tensors;
  }

  getItem(index: number): Tensor[] {
    return this.tensors.map((tensor) => tensor.select(0, index));
  }

  getBatch(indices: Int32Array): Tensor[] {
    return this.tensors.map((tensor) => tensor.rows(indices));
  }

  get length(): number {
    return this.tensors[0]!.size(0);
  }
}

/** Some samples of a dataset, by index. */
export class Subset<D extends DatasetLike> extends Dataset<SampleOf<D>> {
  readonly getBatch?: (indices: Int32Array) => unknown;

  constructor(
    readonly dataset: D,
    readonly indices: ArrayLike<number>,
  ) {
    super();
    if (dataset.getBatch === undefined) return;
    this.getBatch = (own) => dataset.getBatch!(own.map((index) => this.#indexOf(index)));
  }

  getItem(index: number): SampleOf<D> | Promise<SampleOf<D>> {
    return this.dataset.getItem(this.#indexOf(index)) as SampleOf<D> | Promise<SampleOf<D>>;
  }

  /** Of a sample in the whole dataset; -1 is the last one here. */
  #indexOf(own: number): number {
    const index = this.indices[own < 0 ? own + this.length : own];
    if (index !== undefined) return index;
    throw new OutOfRangeError("Subset", `index ${own} is not among its ${this.length} samples`);
  }

  get length(): number {
    return this.indices.length;
  }
}

/**
 * The dataset cut at random into subsets of the given lengths, or, if they add up to 1, of the given shares.
 * @throws TapegradError if the lengths are not whole numbers, or do not add up to the dataset's
 */
export function randomSplit<D extends DatasetLike>(
  dataset: D,
  lengths: readonly number[],
  { generator = defaultGenerator }: { readonly generator?: Generator } = {},
): Subset<D>[] {
  const total = lengths.reduce((a, b) => a + b, 0);
  const isShares = Math.abs(total - 1) < 1e-9 && lengths.every((length) => length >= 0);
  const counts = isShares ? lengths.map((share) => Math.floor(share * dataset.length)) : [...lengths];
  if (isShares) {
    // What rounding left over goes to the first subsets, one each, as in PyTorch.
    const left = dataset.length - counts.reduce((a, b) => a + b, 0);
    for (let i = 0; i < left; i++) counts[i % counts.length]!++;
  }
  if (!counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new TapegradError(
      "randomSplit",
      `lengths ${lengths.join(", ")} must be whole numbers from 0 on, or shares that add up to 1`,
    );
  }
  if (counts.reduce((a, b) => a + b, 0) !== dataset.length) {
    throw new TapegradError(
      "randomSplit",
      `lengths ${lengths.join(" + ")} do not add up to the dataset's ${dataset.length}`,
    );
  }
  const order = shuffled(dataset.length, generator);
  let start = 0;
  return counts.map((count) => new Subset(dataset, order.subarray(start, (start += count))));
}
