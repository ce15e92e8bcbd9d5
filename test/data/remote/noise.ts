// A dataset for workers, in TypeScript: random numbers.

import { Dataset, sampleGenerator } from "../../../src/data/host.js";

enum Kind {
  Index,
  Random,
}

/** Sample i is i and two random numbers from 0 to 1. */
export default class Noise extends Dataset<Float32Array> {
  constructor(readonly length: number) {
    super();
  }

  getItem(index: number): Float32Array {
    const next = sampleGenerator().words();
    const sample = Float32Array.of(0, next() / 2 ** 32, next() / 2 ** 32);
    sample[Kind.Index] = index;
    return sample;
  }
}
