// A dataset that lives in workers: named by its module and the arguments of its constructor, which can travel.

import { threads } from "#threads";
import { batchesOf, Dataset, type DatasetLike, IterableDataset, type IterableLike, type SampleOf } from "../dataset.js";
import { sampleGenerator, withSampleGenerator } from "../sample-stream.js";
import { loadAhead } from "./ahead.js";
import { construct, functionOf } from "./construct.js";
import { DatasetWorker, type Opened } from "./dataset-worker.js";
import { REMOTE, type RemoteHome } from "./mark.js";
import type { ModuleSource } from "./platform/thread.js";
import { workerSource } from "./source.js";

/** Where a dataset is made, and the workers that wait with one. */
export class Home implements RemoteHome {
  readonly #idle: DatasetWorker[] = [];
  #here: Promise<DatasetLike | IterableLike> | undefined;

  constructor(
    readonly module: ModuleSource,
    readonly exportName: string,
    readonly args: readonly unknown[],
  ) {}

  /** Workers that have, or are about to have, the dataset: those that wait first. */
  take(count: number): DatasetWorker[] {
    const waiting = this.#idle.splice(0).filter((worker) => worker.isAlive);
    const taken = waiting.splice(0, count);
    this.#idle.push(...waiting);
    while (taken.length < count) taken.push(this.#start());
    return taken;
  }

  /** Takes workers back that shall wait for the next epoch. */
  keep(workers: readonly DatasetWorker[]): void {
    for (const worker of workers) worker.park();
    this.#idle.push(...workers.filter((worker) => worker.isAlive));
  }

  /** Ends the workers that wait. */
  close(): void {
    for (const worker of this.#idle.splice(0)) worker.end();
  }

  load(...epoch: Parameters<RemoteHome["load"]>): ReturnType<RemoteHome["load"]> {
    return loadAhead(this, ...epoch);
  }

  async functionHere(name: string): Promise<(samples: unknown) => unknown> {
    return functionOf(await threads.importHere(this.module), name, "collateFn");
  }

  /** The dataset in this thread, for loaders without workers. */
  here(): Promise<DatasetLike | IterableLike> {
    this.#here ??= threads.importHere(this.module).then((module) => construct(module, this.exportName, this.args));
    return this.#here;
  }

  #start(): DatasetWorker {
    return new DatasetWorker(threads, workerSource, this.module, this.exportName, this.args);
  }
}

/** A dataset with indices in workers. Without workers its samples are made in this thread. */
export class RemoteDataset<Sample = unknown> extends Dataset<Sample> {
  readonly [REMOTE]: Home;
  /** Several samples at once, where the dataset makes them so. */
  readonly getBatch?: (indices: Int32Array) => Promise<unknown>;

  constructor(
    home: Home,
    readonly length: number,
    makesBatches = false,
  ) {
    super();
    this[REMOTE] = home;
    if (!makesBatches) return;
    this.getBatch = async (indices) => {
      const generator = sampleGenerator();
      const dataset = (await home.here()) as DatasetLike;
      return withSampleGenerator(generator, () => batchesOf(dataset)!(indices));
    };
  }

  async getItem(index: number): Promise<Sample> {
    const generator = sampleGenerator();
    const dataset = (await this[REMOTE].here()) as DatasetLike;
    return withSampleGenerator(generator, () => dataset.getItem(index)) as Sample;
  }

  /** Ends workers that wait for a next epoch. Nobody has to: they do not keep a program alive. */
  close(): void {
    this[REMOTE].close();
  }
}

/** A dataset without indices in workers. */
export class RemoteIterableDataset<Sample = unknown> extends IterableDataset<Sample> {
  readonly [REMOTE]: Home;

  constructor(
    home: Home,
    readonly length?: number,
  ) {
    super();
    this[REMOTE] = home;
  }

  [Symbol.asyncIterator](): AsyncIterator<Sample> {
    let samples: Iterator<Sample> | AsyncIterator<Sample> | undefined;
    return {
      next: async () => {
        const generator = sampleGenerator();
        const dataset = (await this[REMOTE].here()) as AsyncIterable<Sample> | Iterable<Sample>;
        return withSampleGenerator(generator, () => {
          samples ??= Symbol.asyncIterator in dataset ? dataset[Symbol.asyncIterator]() : dataset[Symbol.iterator]();
          return samples.next();
        });
      },
      return: async () => (await samples?.return?.()) ?? { done: true, value: undefined },
    };
  }

  /** Ends workers that wait for a next epoch. Nobody has to: they do not keep a program alive. */
  close(): void {
    this[REMOTE].close();
  }
}

/** A dataset in workers, with the samples of D. */
export type Remote<D> = D extends DatasetLike ? RemoteDataset<SampleOf<D>> : RemoteIterableDataset<SampleOf<D>>;

/**
 * A dataset that can be loaded by workers. A class cannot travel to another thread; its module's URL and the arguments
 * of its constructor can:
 *
 *     // my-dataset.ts
 *     import { Dataset } from "tapegrad/data"; // the part of tapegrad without the GPU
 *     export default class MyDataset extends Dataset { constructor(readonly folder: string) ... }
 *
 *     // the program
 *     import type MyDataset from "./my-dataset.js";
 *     const train = await data.remote<MyDataset>(new URL("./my-dataset.ts", import.meta.url), "data/train");
 *     const loader = new data.DataLoader(train, { batchSize: 64, shuffle: true, numWorkers: 2 });
 *
 * A first worker makes the dataset now, tells its length and waits for the loader.
 *
 * @param module - the URL of the module; behind "#", the name of the export if it is not the default. It may also export a
 *   function that returns the dataset, or a promise of it. In a browser, a function that starts the worker
 *   (see `serveDataset`), where a bundler has to see it
 * @param args - of the constructor: what structuredClone can copy
 * @throws TapegradError for arguments that cannot travel; whatever importing the module, or the constructor, throws
 */
export async function remote<D>(module: ModuleSource, ...args: readonly unknown[]): Promise<Remote<D>> {
  let [source, exportName] = [module, "default"];
  if (module instanceof URL && module.hash !== "") {
    exportName = module.hash.slice(1);
    source = new URL(module.href.slice(0, -module.hash.length));
  }
  const home = new Home(source, exportName, args);
  const workers = home.take(1);
  const { hasIndices, length, makesBatches }: Opened = await workers[0]!.opened.catch((error) => {
    workers[0]!.end();
    throw error;
  });
  home.keep(workers);
  const dataset = hasIndices ? new RemoteDataset(home, length!, makesBatches) : new RemoteIterableDataset(home, length);
  return dataset as unknown as Remote<D>;
}
