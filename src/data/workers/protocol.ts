// What the main thread and a worker say to each other.

import type { Packed } from "../collate/packed.js";
import type { Task } from "../loader/epoch.js";

/** How an epoch's batches are to be made. */
export interface EpochOrder {
  /** Rises from epoch to epoch of one worker; answers of earlier epochs are not wanted any more. */
  readonly epoch: number;
  /** Number of the worker in the loader. */
  readonly id: number;
  readonly numWorkers: number;
  readonly seed: number;
  /** Samples per batch of a dataset without indices. */
  readonly count: number;
  readonly dropLast: boolean;
  /** Whether samples are made batches at all. */
  readonly isBatched: boolean;
  /** "default" stacks; "main" hands the samples on, for a function in the main thread; else the name of an export. */
  readonly collate: "default" | "main" | { readonly name: string };
  /** The name of an export to call first. */
  readonly workerInitFn: string | undefined;
}

/** From the main thread. */
export type Request =
  | {
      readonly kind: "open";
      /** Undefined where the worker's own script serves its dataset. */
      readonly url: string | undefined;
      readonly exportName: string;
      readonly args: readonly unknown[];
    }
  | ({ readonly kind: "begin" } & EpochOrder)
  /** A batch by indices; without them the next one of the stream. */
  | ({ readonly kind: "load"; readonly epoch: number } & Task)
  | { readonly kind: "end"; readonly epoch: number };

/** An error that was thrown in a worker. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

/** From a worker. */
export type Answer =
  | {
      readonly kind: "opened";
      readonly hasIndices: boolean;
      readonly length: number | undefined;
      /** Whether the dataset makes several samples at once. */
      readonly makesBatches: boolean;
    }
  | { readonly kind: "refused"; readonly error: PackedError }
  /** Undefined at the end of the stream. */
  | { readonly kind: "batch"; readonly epoch: number; readonly batch: number; readonly packed: Packed | undefined }
  | { readonly kind: "failed"; readonly epoch: number; readonly batch: number; readonly error: PackedError };
