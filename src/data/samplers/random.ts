// Samples in random order.

import { checkBoolean, checkWhole } from "../../core/check.js";
import { below, defaultGenerator, type Generator, shuffled } from "../../core/philox.js";
import { Sampler, type Sized } from "./sampler.js";

/** What a random sampler can be told. */
export interface RandomSamplerOptions {
  /** Whether a sample may come again before all have come. Default false. */
  readonly replacement?: boolean;
  /** How many to draw. Default: as many as there are samples; more go through them again, in another order. */
  readonly numSamples?: number;
  /** Default: the global generator, seeded by manualSeed(). */
  readonly generator?: Generator;
}

/**
 * All samples in random order, or as many as `numSamples` says, with or without replacement.
 * @throws OutOfRangeError if `numSamples`, or the dataset's length in its place, is not a whole number above 0
 */
export class RandomSampler extends Sampler {
  readonly replacement: boolean;
  readonly generator: Generator;
  readonly #numSamples: number | undefined;

  constructor(
    readonly dataSource: Sized,
    { replacement = false, numSamples, generator = defaultGenerator }: RandomSamplerOptions = {},
  ) {
    super();
    checkBoolean("RandomSampler", { replacement });
    this.replacement = replacement;
    this.generator = generator;
    this.#numSamples = numSamples;
    checkWhole("RandomSampler", { numSamples: this.length }, 1);
  }

  [Symbol.iterator](): Iterator<number> {
    return this.#indices(this.generator.words());
  }

  *#indices(next: () => number): IterableIterator<number> {
    const count = this.dataSource.length;
    for (let left = this.length; left > 0; left -= count) {
      if (!this.replacement) yield* shuffled(count, next).subarray(0, left);
      else for (let i = 0; i < Math.min(left, count); i++) yield below(next, count);
    }
  }

  get length(): number {
    return this.#numSamples ?? this.dataSource.length;
  }
}

/** The given indices in random order, without replacement. */
export class SubsetRandomSampler extends Sampler {
  readonly generator: Generator;

  constructor(
    readonly indices: ArrayLike<number>,
    { generator = defaultGenerator }: Pick<RandomSamplerOptions, "generator"> = {},
  ) {
    super();
    this.generator = generator;
  }

  [Symbol.iterator](): Iterator<number> {
    const order = shuffled(this.indices.length, this.generator.words());
    return Array.from(order, (i) => this.indices[i]!)[Symbol.iterator]();
  }

  get length(): number {
    return this.indices.length;
  }
}
