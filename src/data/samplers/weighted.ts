// A sampler that takes some samples more often than others.

import { checkBoolean, checkWhole } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import { defaultGenerator, type Generator } from "../../core/philox.js";
import { Sampler } from "./sampler.js";

/** What a weighted sampler can be told. */
export interface WeightedRandomSamplerOptions {
  /** Whether an index may come more than once. Default true. */
  readonly replacement?: boolean;
  /** Default: the global generator, seeded by manualSeed(). */
  readonly generator?: Generator;
}

/**
 * `numSamples` indices below the number of weights; i comes with probability weights[i] / sum of weights.
 *
 * @throws OutOfRangeError if `numSamples` is not a whole number above 0; TapegradError if a weight is negative or not
 *   finite, if all are 0, or if without replacement fewer than `numSamples` are above 0
 *
 * Without replacement, the indices with the smallest -log(u) / weight are taken, u uniform (Efraimidis and Spirakis
 * 2006), which is the same as drawing one after the other.
 */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Float64Array;
  readonly numSamples: number;
  readonly replacement: boolean;
  readonly generator: Generator;

  constructor(
    weights: ArrayLike<number>,
    numSamples: number,
    { replacement = true, generator = defaultGenerator }: WeightedRandomSamplerOptions = {},
  ) {
    super();
    checkWhole("WeightedRandomSampler", { numSamples }, 1);
    checkBoolean("WeightedRandomSampler", { replacement });
    this.weights = Float64Array.from(weights);
    this.numSamples = numSamples;
    this.replacement = replacement;
    this.generator = generator;
    const bad = this.weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY));
    if (bad >= 0) {
      const problem = `weight ${bad} is ${this.weights[bad]}; weights must be finite and not negative`;
      throw new TapegradError("WeightedRandomSampler", problem);
    }
    const possible = this.weights.filter((weight) => weight > 0).length;
    if (possible < (replacement ? 1 : numSamples)) {
      const wanted = replacement ? "at least one" : `${numSamples} to draw without replacement`;
      throw new TapegradError("WeightedRandomSampler", `${possible} weights are above 0, and it takes ${wanted}`);
    }
  }

  [Symbol.iterator](): Iterator<number> {
    const next = this.generator.words();
    const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53; // in [0, 1)
    return this.replacement ? this.#withReplacement(uniform) : this.#withoutReplacement(uniform);
  }

  *#withReplacement(uniform: () => number): IterableIterator<number> {
    let total = 0;
    const ends = this.weights.map((weight) => (total += weight));
    for (let i = 0; i < this.numSamples; i++) {
      const point = uniform() * total;
      let [low, high] = [0, ends.length - 1];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (ends[middle]! > point) high = middle;
        else low = middle + 1;
      }
      while (this.weights[low] === 0) low--; // rounding may have put the point at the very end
      yield low;
    }
  }

  #withoutReplacement(uniform: () => number): Iterator<number> {
    const keys = this.weights.map((weight) => -Math.log(1 - uniform()) / weight);
    const possible = Array.from(keys.keys()).filter((i) => this.weights[i]! > 0);
    return possible
      .sort((a, b) => keys[a]! - keys[b]!)
      .slice(0, this.numSamples)
      [Symbol.iterator]();
  }

  get length(): number {
    return this.numSamples;
  }
}
