// How a loader tells a dataset that lives in workers: without importing what starts them, which pages without workers need
// not load.

import { TapegradError } from "../../core/errors.js";
import type { Packed } from "../collate/packed.js";
import type { Subset } from "../combined.js";
import { type DatasetLike, levelOf, PART } from "../dataset.js";
import type { Epoch } from "../loader/epoch.js";
import type { LoaderPlan } from "../loader/options.js";
import type { EpochOrder } from "./protocol.js";

/** The name under which a dataset has its workers. */
export const REMOTE = Symbol.for("tapegrad.data.remote");

/** What becomes of batches ahead of the loop. */
export interface Stage {
  /** Is given each batch as it comes in. */
  stage(packed: Packed): void;
  /** Is given those that the loop does not get after all. */
  release(packed: Packed): void;
}

/** What a loader needs of a dataset in workers. */
export interface RemoteHome {
  /**
   * An epoch's batches, ahead of the loop.
   * @param indexOf - from the loader's indices to those of the workers' dataset
   */
  load(
    plan: LoaderPlan,
    epoch: Epoch,
    collate: EpochOrder["collate"],
    indexOf: (index: number) => number,
    stage: Stage,
  ): AsyncGenerator<Packed, void, undefined>;
  /** A function that the dataset's module exports, in this thread. */
  functionHere(name: string): Promise<(samples: unknown) => unknown>;
}

/** Where a dataset lives, and how its indices are called there; undefined if it lives in this thread. */
export interface Remoteness {
  readonly home: RemoteHome;
  indexOf(index: number): number;
}

/** A part of a dataset in workers is in workers too. */
export function remoteness(dataset: unknown): Remoteness | undefined {
  if (typeof dataset !== "object" || dataset === null) return undefined;
  if (REMOTE in dataset) return { home: dataset[REMOTE] as RemoteHome, indexOf: (index) => index };
  if (!(PART in dataset)) return undefined; // a Subset, perhaps that of `tapegrad/data`
  // The samples of a class derived from it are made in this thread.
  const isOwn = (name: string): boolean => levelOf(dataset, name) >= levelOf(dataset, PART);
  if (!isOwn("getItem") || !isOwn("getBatch")) return undefined;
  const part = dataset as Subset<DatasetLike>;
  const inner = remoteness(part.dataset);
  return inner && { home: inner.home, indexOf: (index) => inner.indexOf(part.indexOf(index)) };
}

/** Throws what tells the way to give a dataset workers. */
export function refuseToTravel(dataset: object, numWorkers: number): never {
  const name = dataset.constructor === Object ? "MyDataset" : dataset.constructor.name;
  throw new TapegradError(
    "DataLoader",
    `numWorkers is ${numWorkers}, and this ${name} lives in the main thread. Give its class a module of its own, as the ` +
      `default export, and name the module: await data.remote(new URL("./${fileName(name)}.ts", import.meta.url), ...args) ` +
      `in place of new ${name}(...args)`,
  );
}

/** "my-dataset" for MyDataset. */
function fileName(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();
}
