// One pass over a dataset: its seed, the batches of indices, where it stands, and how to take it up again.

import { describe } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import { defaultGenerator, type Generator, type GeneratorState, repeatingDraws } from "../../core/philox.js";
import { epochSeed } from "../sample-stream.js";
import type { LoaderPlan } from "./options.js";

/** A batch that is to be loaded. */
export interface Task {
  /** Number of the batch in the epoch. */
  readonly batch: number;
  /** Indices of its samples, or of the one sample where there are no batches. */
  readonly indices: Int32Array;
  /** How many samples of the epoch come before it. */
  readonly position: number;
  /** Whether the sampler yielded a list where there are no batches: it is for getBatch. */
  readonly isList?: boolean;
}

/** Where a loader stands: plain data, for a checkpoint. */
export interface DataLoaderState {
  /** Batches of the current epoch that the loop has had; 0 between epochs. */
  readonly batch: number;
  /** The generators of the loader and of its sampler when the current epoch began; none between epochs. */
  readonly start?: { readonly generator: GeneratorState; readonly sampler?: GeneratorState };
  /** The same now, but for the global generator, which is not the loader's. */
  readonly now: { readonly generator?: GeneratorState; readonly sampler?: GeneratorState };
  /** What plain numbers of each field were taken for. */
  readonly numberTypes: Readonly<Record<string, "int32" | "float32">>;
}

/** The generators an epoch depends on. */
function generatorsOf({ generator, sampler }: LoaderPlan): { generator: Generator; sampler?: Generator } {
  const own = (sampler as { readonly generator?: Generator } | undefined)?.generator;
  return own === undefined || own === generator ? { generator } : { generator, sampler: own };
}

/** An epoch under way. */
export class Epoch {
  readonly seed: number;
  readonly start: NonNullable<DataLoaderState["start"]>;
  /** Batches the loop has had. */
  batch: number;
  isOver = false;
  /** Batches that the loop had before, when the epoch was left. */
  readonly skip: number;
  readonly #indices: Iterator<ArrayLike<number> | number> | undefined;
  readonly #plan: LoaderPlan;

  /** @param from - where to go on; undefined begins a new epoch, which draws once from the loader's generator */
  constructor(plan: LoaderPlan, from: DataLoaderState | undefined) {
    this.#plan = plan;
    const { generator, sampler } = generatorsOf(plan);
    this.start = from?.start ?? {
      generator: generator.state,
      ...(sampler !== undefined && { sampler: sampler.state }),
    };
    this.seed = epochSeed(this.start.generator);
    this.batch = this.skip = from?.batch ?? 0;
    const begin = (): Iterator<ArrayLike<number> | number> | undefined => {
      const indices = plan.indices?.[Symbol.iterator]();
      // One draw per epoch: the order's, if it comes from the loader's generator.
      if (generator.state.draws === this.start.generator.draws) generator.draw();
      return indices;
    };
    const states = new Map([[generator, this.start.generator]]);
    if (sampler !== undefined && this.start.sampler !== undefined) states.set(sampler, this.start.sampler);
    this.#indices = from?.start === undefined ? begin() : repeatingDraws(states, begin);
  }

  /** The batches still to be loaded. */
  *tasks(): IterableIterator<Task> {
    let position = 0;
    for (let batch = 0; ; batch++) {
      const next = this.#indices?.next();
      if (next === undefined || next.done) return;
      const indices = indicesOf(this.#plan, next.value);
      const isList = !this.#plan.isBatched && typeof next.value === "object";
      if (batch >= this.skip) yield { batch, indices, position, ...(isList && { isList }) };
      position += indices.length;
    }
  }
}

/** @throws TapegradError for anything but an index, or a list of them where there are batches */
function indicesOf({ isBatched, batchSize }: LoaderPlan, yielded: unknown): Int32Array {
  const isList = typeof yielded === "object" && yielded !== null;
  const given: unknown[] = isList ? Array.from(yielded as ArrayLike<unknown>) : [yielded];
  const option = isBatched && batchSize === null ? "batchSampler" : "sampler";
  if (isBatched && !isList) {
    throw new TapegradError(
      "DataLoader",
      `${option} yielded ${describe(yielded)} where a list of indices was expected`,
    );
  }
  const wrong = given.findIndex((index) => !Number.isInteger(index) || (index as number) !== (index as number) << 0);
  if (wrong < 0) return Int32Array.from(given as number[]);
  const fix = typeof given[wrong] === "object" ? ": lists of indices are for batchSampler" : "";
  throw new TapegradError("DataLoader", `${option} yielded ${describe(given[wrong])}, which is not an index${fix}`);
}

/** The state of a loader whose latest epoch is this. */
export function stateOf(
  plan: LoaderPlan,
  epoch: Epoch | undefined,
  numberTypes: ReadonlyMap<string, "int32" | "float32">,
): DataLoaderState {
  const { generator, sampler } = generatorsOf(plan);
  const isUnderWay = epoch !== undefined && !epoch.isOver;
  return {
    batch: isUnderWay ? epoch.batch : 0,
    ...(isUnderWay && { start: epoch.start }),
    now: {
      ...(generator !== defaultGenerator && { generator: generator.state }),
      ...(sampler !== undefined && sampler !== defaultGenerator && { sampler: sampler.state }),
    },
    numberTypes: Object.fromEntries(numberTypes),
  };
}

/** Puts the loader's own generators back into the state they were in. */
export function restoreGenerators(plan: LoaderPlan, { now }: DataLoaderState): void {
  const { generator, sampler } = generatorsOf(plan);
  if (generator !== defaultGenerator && now.generator !== undefined) generator.state = now.generator;
  if (sampler !== undefined && sampler !== defaultGenerator && now.sampler !== undefined) sampler.state = now.sampler;
}
