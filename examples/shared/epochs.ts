// Epochs of training on images, with a line for each.

import { data, type Tensor } from "tapegrad";
import type { Digits } from "./digits.js";
import { progress } from "./progress.js";
import type { RunLog } from "./run-log.js";

interface EpochsOptions {
  readonly epochs: number;
  readonly batchSize: number;
  /** Gets a row for each epoch. */
  readonly log: RunLog;
  /** Which of an example's runs this is, where it has several. */
  readonly run?: string;
}

/** Calls `step` with batches of images [B, 1, 28, 28]; it trains and returns the loss. Returns each epoch's mean loss. */
export async function runEpochs(
  step: (images: Tensor) => Tensor,
  digits: Digits,
  { epochs, batchSize, log, run }: EpochsOptions,
): Promise<number[]> {
  const loader = new data.DataLoader(digits, { batchSize, shuffle: true });
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const bar = progress(`epoch ${epoch}/${epochs}`, loader.length);
    for await (const [images] of loader) bar.advance(images.shape[0]!, await step(images).item());
    const { loss, speed } = bar.stop();
    losses.push(loss);
    await log.add({ ...(run !== undefined && { run }), epoch, loss, "images/s": Math.round(speed) });
    console.log(`epoch ${String(epoch).padStart(2)}  loss ${loss.toFixed(4)}  ${speed.toFixed(0)} images/s`);
  }
  return losses;
}
