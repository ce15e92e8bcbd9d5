// A dataset that a bundler makes a worker of.

import { Dataset, sampleGenerator, serveDataset } from "tapegrad/data";

/** Sample i is [i, a random number] and its square. */
export default class Squares extends Dataset<readonly [Float32Array, number]> {
  constructor(readonly length: number) {
    super();
  }

  getItem(index: number): readonly [Float32Array, number] {
    return [Float32Array.of(index, sampleGenerator().words()() / 2 ** 32), index * index];
  }
}

serveDataset({ default: Squares });
