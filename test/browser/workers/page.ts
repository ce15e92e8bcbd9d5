// A page whose loaders have workers: one that the bundler sees, one by its URL, one that dies.

import { data, init, manualSeed } from "tapegrad";
import Squares from "./squares.js";

/** What the page found, for the test to look at. */
export interface Findings {
  readonly here: unknown;
  readonly bundled: unknown;
  readonly byUrl: unknown;
  readonly death: string;
}

async function epochOf(dataset: data.DatasetLike, numWorkers: number): Promise<unknown[]> {
  manualSeed(2);
  const loader = new data.DataLoader(dataset, { batchSize: 2, shuffle: true, numWorkers, pinMemory: numWorkers > 0 });
  const batches: unknown[] = [];
  for await (const [x, y] of loader) batches.push([await x.toArray(), await y.toArray()]);
  return batches;
}

async function find(): Promise<Findings> {
  await init();
  const start = (): Worker => new Worker(new URL("./squares.ts", import.meta.url), { type: "module" });
  const bundled = await data.remote<Squares>(start, 5);
  const byUrl = await data.remote<data.DatasetLike>(new URL("/plain.js", location.href), 2);
  const dying = await data.remote<data.DatasetLike>(new URL("/plain.js", location.href), 4);
  const death = await epochOf(dying, 1).catch((error: Error) => error.message);
  return {
    here: await epochOf(new Squares(5), 0),
    bundled: await epochOf(bundled, 2),
    byUrl: await epochOf(byUrl, 1),
    death: String(death),
  };
}

Object.assign(globalThis, { findings: find() });
