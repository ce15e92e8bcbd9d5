// The part of a dataset that one of several processes takes.

import { checkWhole } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { Generator, shuffled } from "../../core/philox.js";
import { Sampler, type Sized } from "./sampler.js";

/** What a distributed sampler must be told, and what it can be told. */
export interface DistributedSamplerOptions {
  /** How many processes share the dataset. */
  readonly numReplicas: number;
  /** Which of them this one is, from 0 on. */
  readonly rank: number;
  /** Another order every epoch; `setEpoch` says which. Default true. */
  readonly shuffle?: boolean;
  /** The same in all processes. Default 0. */
  readonly seed?: number;
  /** Leaves out the last samples if they do not go round; else the first ones come again. Default false. */
  readonly dropLast?: boolean;
}

/**
 * The part of one process: every `numReplicas`-th sample from `rank` on, equally many in all processes.
 * @throws OutOfRangeError if `rank` is not among the replicas
 */
export class DistributedSampler extends Sampler {
  readonly #options: Required<DistributedSamplerOptions>;
  #epoch = 0;

  constructor(
    readonly dataset: Sized,
    { numReplicas, rank, shuffle = true, seed = 0, dropLast = false }: DistributedSamplerOptions,
  ) {
    super();
    checkWhole("DistributedSampler", { numReplicas }, 1);
    checkWhole("DistributedSampler", { rank, seed });
    if (rank >= numReplicas) {
      throw new OutOfRangeError("DistributedSampler", `rank ${rank} is not among 0 to ${numReplicas - 1}`);
    }
    this.#options = { numReplicas, rank, shuffle, seed, dropLast };
  }

  *[Symbol.iterator](): IterableIterator<number> {
    const { numReplicas, rank, shuffle, seed } = this.#options;
    const count = this.dataset.length;
    const order = shuffle ? shuffled(count, new Generator(seed + this.#epoch).words()) : undefined;
    for (let i = 0; i < this.length; i++) {
      const place = (rank + i * numReplicas) % count; // past the end, the first ones again
      yield order?.[place] ?? place;
    }
  }

  get length(): number {
    const { numReplicas, dropLast } = this.#options;
    const share = this.dataset.length / numReplicas;
    return dropLast ? Math.floor(share) : Math.ceil(share);
  }

  /** To be called before each epoch: the order follows from the seed and the epoch. */
  setEpoch(epoch: number): void {
    checkWhole("DistributedSampler", { epoch });
    this.#epoch = epoch;
  }
}
