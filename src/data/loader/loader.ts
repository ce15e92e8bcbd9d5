// DataLoader: batches of a dataset, in order or shuffled, made in the loop or by workers ahead of it.

import { withoutScope } from "../../autograd/scope.js";
import { TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { currentDevice } from "../../runtime/current.js";
import { isTyped } from "../../tensor/nested.js";
import { type Collated, defaultCollate, type NumberTypes, toTensors, uploadLater } from "../collate/collate.js";
import { type Packed, pack, unpack } from "../collate/packed.js";
import { batchesOf, checkDataset, type DatasetLike, hasIndices, type IterableLike, type SampleOf } from "../dataset.js";
import { hostArray, isHostArray } from "../host-array.js";
import { type Remoteness, refuseToTravel, remoteness } from "../workers/mark.js";
import { type DataLoaderState, Epoch, restoreGenerators, stateOf } from "./epoch.js";
import { batchAt, samplesAt, samplesOf } from "./fetch.js";
import { DATA_LOADER_OPTIONS, type DataLoaderOptions, type LoaderPlan, planOf } from "./options.js";
import { Pinned } from "./pinned.js";

export type { DataLoaderOptions, DataLoaderState };

/**
 * Batches of a dataset:
 *
 *     for await (const [inputs, labels] of new DataLoader(dataset, { batchSize: 16, shuffle: true })) ...
 *
 * A field of plain numbers is int32 (labels) if those of the loader's first batch are whole, else float32 (values to
 * predict), and stays so: whole numbers in later batches become float32 too, and fractions after int32 batches are a
 * DTypeError. To predict numbers that may all be whole, return `tensor(value)` from getItem. Arrays are float32; typed
 * arrays, host arrays, tensors and booleans keep their type.
 *
 * Each epoch draws once from the generator. The order and the random numbers of each sample follow from that, whatever
 * the number of workers.
 */
export class DataLoader<D extends DatasetLike | IterableLike, Batch = Collated<SampleOf<D>>>
  implements AsyncIterable<Batch>
{
  readonly #plan: LoaderPlan;
  readonly #collateFn: DataLoaderOptions<SampleOf<D>, Batch>["collateFn"];
  readonly #remote: Remoteness | undefined;
  readonly #numberTypes: NumberTypes = new Map();
  readonly #pinned: Pinned | undefined;
  #epoch: Epoch | undefined;
  #resume: DataLoaderState | undefined;

  /**
   * @throws TapegradError for options that exclude each other, PyTorch's rules; OutOfRangeError and RangeError for
   *   numbers that are not what they count
   */
  constructor(
    readonly dataset: D,
    given?: DataLoaderOptions<SampleOf<D>, Batch>,
  ) {
    const options = checkOptions("DataLoader", given, DATA_LOADER_OPTIONS);
    checkDataset(dataset);
    this.#plan = planOf(dataset, options);
    this.#remote = remoteness(dataset);
    this.#pinned = this.#plan.pinMemory ? new Pinned() : undefined;
    this.#collateFn = options.collateFn;
    if (this.#plan.numWorkers > 0 && this.#remote === undefined) refuseToTravel(dataset, this.#plan.numWorkers);
  }

  /** Samples per batch; null if a batchSampler decides, or if there are no batches. */
  get batchSize(): number | null {
    return this.#plan.batchSize;
  }

  /**
   * Number of batches.
   * @throws TapegradError if the sampler, or the dataset without indices, has no length
   */
  get length(): number {
    const { indices, batchSize, dropLast } = this.#plan;
    const length = indices === undefined ? this.dataset.length : indices.length;
    if (length === undefined || Number.isNaN(length)) {
      throw new TapegradError("DataLoader", `its ${indices === undefined ? "dataset" : "sampler"} has no length`);
    }
    if (indices !== undefined || batchSize === null) return length;
    return dropLast ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch, void, undefined> {
    const epoch = new Epoch(this.#plan, this.#resume);
    this.#resume = undefined;
    this.#epoch = epoch;
    for await (const batch of this.#batches(epoch)) {
      epoch.batch++;
      yield batch;
      await currentDevice().breathe(); // a loop that never reads back has to pause somewhere
      await this.#pinned?.breathe();
    }
    epoch.isOver = true;
  }

  /**
   * Where the loader stands, also within an epoch, as plain data for a checkpoint: how far the loop over it has come,
   * and from which random numbers it started.
   */
  stateDict(): DataLoaderState {
    return this.#resume ?? stateOf(this.#plan, this.#epoch, this.#numberTypes);
  }

  /**
   * Makes the next loop go on where the saved one was: with the batch after the last one that it had. The loader, its
   * dataset and its sampler must be what they were. The global generator's state is not part of this.
   */
  loadStateDict(state: DataLoaderState): void {
    this.#resume = state;
    restoreGenerators(this.#plan, state);
    for (const [field, type] of Object.entries(state.numberTypes)) this.#numberTypes.set(field, type);
  }

  #batches(epoch: Epoch): AsyncGenerator<Batch, void, undefined> {
    return this.#plan.numWorkers > 0 ? this.#batchesOfWorkers(epoch, this.#remote!) : this.#batchesHere(epoch);
  }

  async *#batchesHere(epoch: Epoch): AsyncGenerator<Batch, void, undefined> {
    const { dataset } = this;
    const collate = await this.#collateHere();
    if (!hasIndices(dataset)) {
      const { isBatched, batchSize, dropLast } = this.#plan;
      const size = { count: isBatched ? batchSize! : 1, dropLast };
      let batch = 0;
      for await (const samples of samplesOf(dataset, epoch.seed, size, {}, withoutScope)) {
        if (batch++ >= epoch.skip) yield await this.#made(samples, collate);
      }
      return;
    }
    const stacksItself = collate === undefined && this.#plan.isBatched && batchesOf(dataset) !== undefined;
    for (const task of epoch.tasks()) {
      if (stacksItself) yield this.#finished(await batchAt(dataset, epoch.seed, task, withoutScope));
      else yield await this.#made(await samplesAt(dataset, epoch.seed, task, withoutScope), collate);
    }
  }

  async *#batchesOfWorkers(epoch: Epoch, { home, indexOf }: Remoteness): AsyncGenerator<Batch, void, undefined> {
    const collateFn = this.#collateFn;
    const isHere = typeof collateFn === "function";
    const collate = isHere ? "main" : collateFn === undefined ? "default" : { name: collateFn };
    const pinned = isHere ? undefined : this.#pinned;
    const stage = (packed: Packed): void => pinned?.stage(packed);
    const release = (packed: Packed): void => pinned?.release(packed);
    for await (const packed of home.load(this.#plan, epoch, collate, indexOf, { stage, release })) {
      if (isHere) yield await this.#made(samplesIn(packed), collateFn as Collate<Batch>);
      else yield withoutScope(() => toTensors(packed, this.#numberTypes, pinned?.upload) as Batch);
    }
  }

  /** What makes batches in this thread; undefined stacks them. */
  async #collateHere(): Promise<Collate<Batch> | undefined> {
    const collateFn = this.#collateFn;
    if (typeof collateFn !== "string") return collateFn as Collate<Batch> | undefined;
    if (this.#remote === undefined) {
      throw new TapegradError(
        "DataLoader",
        "collateFn is a name, which only a dataset in workers has: pass the function",
      );
    }
    const collate = await this.#remote.home.functionHere(collateFn);
    return async (samples) => {
      const made = await collate(samples);
      return withoutScope(() => toTensors(pack(made, true), this.#numberTypes) as Batch);
    };
  }

  /** A batch by getBatch, which in a worker is arrays on the host. */
  #finished(batch: unknown): Batch {
    return withoutScope(() => converted(batch) as Batch);
  }

  /** What the loop gets for samples. */
  #made(samples: unknown[], collate: Collate<Batch> | undefined): Batch | Promise<Batch> {
    return withoutScope(() => {
      if (!this.#plan.isBatched) return collate === undefined ? (converted(samples[0]) as Batch) : collate(samples[0]);
      return collate === undefined
        ? (defaultCollate(samples, this.#numberTypes, this.#pinned?.allocate, this.#pinned?.upload) as Batch)
        : collate(samples);
    });
  }
}

type Collate<Batch> = (samples: unknown) => Batch | Promise<Batch>;

/** Samples from a worker as its getItem returned them. */
function samplesIn(packed: Packed): unknown[] {
  const asTheyAre = <T>(leaf: T): T => leaf;
  return unpack(packed, asTheyAre, asTheyAre) as unknown[];
}

/** A sample that is in no batch: tensors in place of arrays of numbers, everything else as it is. */
function converted(sample: unknown): unknown {
  if (isHostArray(sample)) return uploadLater(sample);
  if (isTyped(sample)) return uploadLater(hostArray(sample));
  if (Array.isArray(sample)) return sample.map(converted);
  if (typeof sample !== "object" || sample === null || Object.getPrototypeOf(sample) !== Object.prototype) {
    return sample;
  }
  return Object.fromEntries(Object.entries(sample).map(([key, value]) => [key, converted(value)]));
}
