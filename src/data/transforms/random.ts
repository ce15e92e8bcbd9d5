// Random parameters of transforms, from the stream of the sample that is being made.

import { below, shuffled } from "../../core/philox.js";
import { sampleGenerator } from "../sample-stream.js";

/** A source of parameters, all of one draw from a generator. */
export class Draw {
  readonly #next: () => number;

  constructor(generator = sampleGenerator()) {
    this.#next = generator.words();
  }

  /** A real number in [low, high): like PyTorch's, one of 2^24 equally likely ones. */
  uniform(low = 0, high = 1): number {
    return low + (this.#next() >>> 8) * 2 ** -24 * (high - low);
  }

  /** A whole number in [low, high). */
  integer(low: number, high: number): number {
    return low + below(this.#next, high - low);
  }

  /** Mean 0, variance 1 (Box and Muller 1958). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** 0 .. n - 1 in random order. */
  permutation(n: number): Int32Array {
    return shuffled(n, this.#next);
  }
}
