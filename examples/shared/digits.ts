// The digits that examples train on: MNIST's own files, or digits drawn by a program.

import { data, type Tensor } from "tapegrad";

export type Digits = data.MNIST | data.SyntheticDigits;

export interface Datasets {
  readonly train: Digits;
  readonly test: Digits;
  /** What they are, for people. */
  readonly name: string;
}

/** MNIST from a folder, or, without one, digits drawn by a program: `count` to train on, a quarter as many to test on. */
export function datasets(folder: string | undefined, count = 4000): Datasets {
  if (folder === undefined) {
    const [train, test] = [
      new data.SyntheticDigits({ length: count, seed: 0 }),
      new data.SyntheticDigits({ length: Math.floor(count / 4), seed: 1 }),
    ];
    return { train, test, name: "digits drawn by a program" };
  }
  const [train, test] = [new data.MNIST(folder, { train: true }), new data.MNIST(folder, { train: false })];
  return { train, test, name: `MNIST from ${folder}` };
}

/** `count` images of each digit, 0 0 1 1 2 2 ..., the first ones there are: [10 count, 1, 28, 28]. */
export function someOfEach(digits: Digits, count = 1): Tensor {
  const places = [...digits.labels].map((label, index) => ({ label, index }));
  const chosen = Array.from({ length: 10 }, (_, digit) =>
    places.filter(({ label }) => label === digit).slice(0, count),
  );
  return digits.getBatch(Int32Array.from(chosen.flat(), ({ index }) => index))[0];
}
