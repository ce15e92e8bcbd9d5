// One epoch of a loader, timed.

import { data, type Tensor } from "tapegrad";
import Images, { type Work } from "./images.js";

/** How a loader is set up. */
export interface Loading {
  readonly work: Work;
  readonly numWorkers: number;
  readonly pinMemory: boolean;
}

export const BATCH = 32;

type Loader = AsyncIterable<readonly [Tensor, Tensor]>;

/** What a loop does with a batch. */
export type Step = (images: Tensor) => void | Promise<void>;

export async function loaderOf(batches: number, { work, numWorkers, pinMemory }: Loading): Promise<Loader> {
  const length = batches * BATCH;
  const options = { batchSize: BATCH, numWorkers, pinMemory, persistentWorkers: numWorkers > 0 };
  if (numWorkers === 0) return new data.DataLoader(new Images(length, work), options);
  const images = await data.remote<Images>(new URL("./images.ts", import.meta.url), length, work);
  return new data.DataLoader(images, options);
}

/** Milliseconds of an epoch, after one to warm up. */
export async function timeEpoch(batches: number, loading: Loading, step: Step): Promise<number> {
  const loader = await loaderOf(batches, loading);
  let start = 0;
  for (let epoch = 0; epoch < 2; epoch++) {
    start = performance.now();
    for await (const [images] of loader) await step(images);
  }
  return performance.now() - start;
}
