// A dataset cut at random: to train on, and to test on.

import { TapegradError } from "../core/errors.js";
import { defaultGenerator, type Generator, shuffled } from "../core/philox.js";
import { Subset } from "./combined.js";
import type { DatasetLike } from "./dataset.js";

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
  const order = shuffled(dataset.length, generator.words());
  let start = 0;
  return counts.map((count) => new Subset(dataset, order.subarray(start, (start += count))));
}
