// Samplers: which samples a loader takes, in which order.
//
// A sampler that is random draws once from its generator, when its iterator is made, so that an epoch can be repeated
// from the state the generator was in (src/data/loader/epoch.ts).

import { checkBoolean, checkWhole } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";

/** What a loader needs of a sampler: any iterable will do. Without a length the loader has none either. */
export type SamplerLike<T = number> = Iterable<T> & { readonly length?: number | undefined };

/** What has a length: a dataset. */
export interface Sized {
  readonly length: number;
}

/** The base of samplers: indices, or batches of indices. */
export abstract class Sampler<T = number> implements Iterable<T> {
  abstract [Symbol.iterator](): Iterator<T>;
  abstract readonly length: number;
}

/** 0, 1, 2, ... */
export class SequentialSampler extends Sampler {
  constructor(readonly dataSource: Sized) {
    super();
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let index = 0; index < this.dataSource.length; index++) yield index;
  }

  get length(): number {
    return this.dataSource.length;
  }
}

/** Batches of another sampler's indices: `batchSize` at a time; `dropLast` leaves out a last batch that is not full. */
export class BatchSampler extends Sampler<number[]> {
  /** @throws OutOfRangeError if `batchSize` is not a whole number above 0 */
  constructor(
    readonly sampler: SamplerLike,
    readonly batchSize: number,
    readonly dropLast: boolean,
  ) {
    super();
    checkWhole("BatchSampler", { batchSize }, 1);
    checkBoolean("BatchSampler", { dropLast });
  }

  [Symbol.iterator](): Iterator<number[]> {
    return this.#batches(this.sampler[Symbol.iterator]());
  }

  *#batches(indices: Iterator<number>): IterableIterator<number[]> {
    let batch: number[] = [];
    for (let next = indices.next(); !next.done; next = indices.next()) {
      if (batch.push(next.value) < this.batchSize) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0 && !this.dropLast) yield batch;
  }

  /** @throws TapegradError if the other sampler has no length */
  get length(): number {
    const { length } = this.sampler;
    if (length === undefined) throw new TapegradError("BatchSampler", "its sampler has no length");
    return this.dropLast ? Math.floor(length / this.batchSize) : Math.ceil(length / this.batchSize);
  }
}
