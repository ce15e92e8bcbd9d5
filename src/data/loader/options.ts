// The options of a loader, and which of them exclude each other: PyTorch's rules.

import { checkBoolean, checkNumber, checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { defaultGenerator, type Generator } from "../../core/philox.js";
import { type DatasetLike, hasIndices, type IterableLike } from "../dataset.js";
import { RandomSampler } from "../samplers/random.js";
import { BatchSampler, type SamplerLike, SequentialSampler } from "../samplers/sampler.js";

/** What a loader can be told. */
export interface DataLoaderOptions<Sample, Batch> {
  /** Samples per batch; null makes no batches: samples come one by one, as they are. Default 1. */
  readonly batchSize?: number | null;
  /** A new random order every time the loader is iterated. Default false. */
  readonly shuffle?: boolean;
  /** The order of the samples: indices. Not together with shuffle. */
  readonly sampler?: SamplerLike | null;
  /** The batches: lists of indices. Not together with batchSize, shuffle, sampler and dropLast. */
  readonly batchSampler?: SamplerLike<ArrayLike<number>> | null;
  /** How many workers load ahead; 0 loads in the loop itself. Default 0. */
  readonly numWorkers?: number;
  /**
   * Makes a batch of samples; without batches, of one sample. Default: stacks them, field by field. With workers it runs
   * in the main thread, unless it is the name of something the dataset's module exports.
   */
  readonly collateFn?: ((samples: Sample[]) => Batch) | string;
  /** Writes batches that the loader stacks, and those that workers make, into mapped memory ahead of use, from where the GPU
   * copies them. Default false. */
  readonly pinMemory?: boolean;
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean;
  /** How long a batch may take workers, in seconds; 0 is for ever. Default 0. */
  readonly timeout?: number;
  /**
   * Called in each worker with its number, before it loads anything: the name of something the dataset's module exports,
   * since functions cannot travel.
   */
  readonly workerInitFn?: string;
  /** How many batches each worker is ahead. Default 2. */
  readonly prefetchFactor?: number;
  /** Keeps workers, and their datasets, from one epoch to the next. Default false. */
  readonly persistentWorkers?: boolean;
  /** Where the random order and the samples' random numbers come from. Default: the global one, seeded by manualSeed(). */
  readonly generator?: Generator;
}

/** The names in DataLoaderOptions. */
export const DATA_LOADER_OPTIONS = [
  "batchSize",
  "shuffle",
  "sampler",
  "batchSampler",
  "numWorkers",
  "collateFn",
  "pinMemory",
  "dropLast",
  "timeout",
  "workerInitFn",
  "prefetchFactor",
  "persistentWorkers",
  "generator",
] as const satisfies readonly (keyof DataLoaderOptions<never, unknown>)[];

/** Options that were checked, with their defaults. */
export interface LoaderPlan {
  readonly batchSize: number | null;
  /** Batches of indices, or indices if there are no batches; undefined if the dataset has no indices. */
  readonly indices: SamplerLike<ArrayLike<number> | number> | undefined;
  /** The sampler, or the batch sampler's, for its generator. */
  readonly sampler: unknown;
  readonly isBatched: boolean;
  readonly dropLast: boolean;
  readonly numWorkers: number;
  readonly pinMemory: boolean;
  /** Milliseconds; 0 is for ever. */
  readonly timeout: number;
  readonly prefetchFactor: number;
  readonly persistentWorkers: boolean;
  readonly workerInitFn: string | undefined;
  readonly generator: Generator;
}

/**
 * @throws TapegradError for options that exclude each other or their kind of dataset; OutOfRangeError for numbers that
 *   are not what they count
 */
export function planOf(dataset: DatasetLike | IterableLike, options: DataLoaderOptions<never, unknown>): LoaderPlan {
  const { numWorkers = 0, prefetchFactor, timeout = 0, batchSize = 1 } = options;
  const { persistentWorkers = false, pinMemory = false, generator = defaultGenerator } = options;
  const { workerInitFn, collateFn = null } = options;
  checkWhole("DataLoader", { numWorkers });
  checkWhole("DataLoader", { prefetchFactor: prefetchFactor ?? 2 }, 1);
  if (typeof timeout !== "number") {
    throw new TapegradError("DataLoader", `timeout must be a number of seconds, got ${describe(timeout)}`);
  }
  if (!(timeout >= 0)) throw new OutOfRangeError("DataLoader", `timeout must not be negative, got ${timeout}`);
  checkBoolean("DataLoader", { pinMemory, persistentWorkers });
  if (collateFn !== null && !["function", "string"].includes(typeof collateFn)) {
    throw new TapegradError("DataLoader", `collateFn must be a function or a name, got ${describe(collateFn)}`);
  }
  if (numWorkers === 0) {
    const idle = { prefetchFactor, timeout: timeout || undefined, persistentWorkers: persistentWorkers || undefined };
    const needless = Object.entries(idle).find(([, value]) => value !== undefined)?.[0];
    if (needless) throw new TapegradError("DataLoader", `${needless} is for workers, and numWorkers is 0`);
  }
  if (typeof workerInitFn === "function") {
    throw new TapegradError(
      "DataLoader",
      `functions cannot travel to workers: export it from the dataset's module, and pass its name as workerInitFn`,
    );
  }
  return {
    ...(hasIndices(dataset) ? planOfIndices(dataset, options, generator) : planOfIterable(options)),
    batchSize: options.batchSampler ? null : batchSize,
    numWorkers,
    pinMemory,
    timeout: timeout * 1000,
    prefetchFactor: prefetchFactor ?? 2,
    persistentWorkers,
    workerInitFn,
    generator,
  };
}

type Order = Pick<LoaderPlan, "indices" | "sampler" | "isBatched" | "dropLast">;

function planOfIndices(
  dataset: DatasetLike,
  { batchSize = 1, shuffle = false, sampler, batchSampler, dropLast = false }: DataLoaderOptions<never, unknown>,
  generator: Generator,
): Order {
  checkBoolean("DataLoader", { shuffle, dropLast });
  if (sampler && shuffle) exclude("sampler", "shuffle");
  checkIterable({ sampler, batchSampler });
  if (batchSampler) {
    if (batchSize !== 1 || shuffle || sampler || dropLast) {
      exclude("batchSampler", "batchSize, shuffle, sampler and dropLast");
    }
    const inner = (batchSampler as { readonly sampler?: unknown }).sampler;
    return { indices: batchSampler, sampler: inner ?? batchSampler, isBatched: true, dropLast };
  }
  if (batchSize === null && dropLast) exclude("batchSize: null, which makes no batches,", "dropLast");
  if (!sampler) checkNumber("DataLoader", { "the dataset's length": dataset.length });
  const own = sampler ?? (shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset));
  if (batchSize === null) return { indices: own, sampler: own, isBatched: false, dropLast };
  checkBatchSize(batchSize);
  return { indices: new BatchSampler(own, batchSize, dropLast), sampler: own, isBatched: true, dropLast };
}

function planOfIterable({
  batchSize = 1,
  shuffle,
  sampler,
  batchSampler,
  dropLast = false,
}: DataLoaderOptions<never, unknown>): Order {
  for (const [name, value] of Object.entries({ shuffle, sampler, batchSampler })) {
    if (value)
      throw new TapegradError("DataLoader", `a dataset without indices excludes ${name}: it has its own order`);
  }
  checkBoolean("DataLoader", { dropLast });
  if (batchSize === null && dropLast) exclude("batchSize: null, which makes no batches,", "dropLast");
  if (batchSize !== null) checkBatchSize(batchSize);
  return { indices: undefined, sampler: undefined, isBatched: batchSize !== null, dropLast };
}

function checkIterable(samplers: Readonly<Record<string, unknown>>): void {
  for (const [name, sampler] of Object.entries(samplers)) {
    if (!sampler || typeof (sampler as Iterable<unknown>)[Symbol.iterator] === "function") continue;
    const isAsync = typeof sampler === "object" && Symbol.asyncIterator in sampler;
    const problem = isAsync
      ? "and is so only asynchronously: collect its indices in an array first"
      : `got ${describe(sampler)}`;
    throw new TapegradError("DataLoader", `${name} must be iterable, ${problem}`);
  }
}

function exclude(option: string, others: string): never {
  throw new TapegradError("DataLoader", `${option} excludes ${others}`);
}

function checkBatchSize(batchSize: unknown): void {
  if (Number.isSafeInteger(batchSize) && (batchSize as number) > 0) return;
  throw new RangeError(`DataLoader: batchSize must be a whole number above 0, got ${describe(batchSize)}`);
}
