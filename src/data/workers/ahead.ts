// An epoch's batches by workers, which are ahead of the loop: batches of indices go to the workers in turn, and what they
// make comes back in that order.

import { TapegradError } from "../../core/errors.js";
import type { Packed } from "../collate/packed.js";
import type { Epoch, Task } from "../loader/epoch.js";
import type { LoaderPlan } from "../loader/options.js";
import { type DatasetWorker, describeTask } from "./dataset-worker.js";
import type { Stage } from "./mark.js";
import type { EpochOrder } from "./protocol.js";
import type { Home } from "./remote.js";

/** A batch that was asked for. */
interface Coming {
  readonly worker: DatasetWorker;
  readonly task: Task;
  readonly batch: Promise<Packed | undefined>;
}

/**
 * @param indexOf - from the loader's indices to those of the workers' dataset
 */
export async function* loadAhead(
  home: Home,
  plan: LoaderPlan,
  epoch: Epoch,
  collate: EpochOrder["collate"],
  indexOf: (index: number) => number,
  { stage, release }: Stage,
): AsyncGenerator<Packed, void, undefined> {
  const { numWorkers, prefetchFactor, persistentWorkers, batchSize, isBatched, dropLast, workerInitFn } = plan;
  const workers = home.take(numWorkers);
  /** Batches that were asked for and that the loop does not have. */
  const outstanding = new Set<Promise<Packed | undefined>>();
  try {
    workers.forEach((worker, id) => {
      const size = { count: isBatched ? (batchSize ?? 1) : 1, dropLast, isBatched };
      worker.begin({ id, numWorkers, seed: epoch.seed, ...size, collate, workerInitFn });
    });
    const tasks = plan.indices === undefined ? streamTasks() : epoch.tasks();
    const active = [...workers]; // a stream's worker that has come to its end is none of them
    const coming: Coming[] = [];
    let turn = 0;
    const ask = (): void => {
      while (active.length > 0 && coming.length < numWorkers * prefetchFactor) {
        const next = tasks.next();
        if (next.done) return;
        const worker = workers[turn++ % numWorkers]!;
        if (!active.includes(worker)) continue;
        const task = { ...next.value, indices: next.value.indices.map(indexOf) };
        const batch = worker.load(task).then((packed) => {
          if (packed !== undefined) stage(packed);
          return packed;
        });
        outstanding.add(batch);
        batch.catch(() => undefined); // it is met in its turn, or not at all if the loop is left before
        coming.push({ worker, task: next.value, batch });
      }
    };
    ask();
    let delivered = 0;
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
      const { worker, task, batch } = next;
      if (active.includes(worker)) {
        const inOrder = worker.opened.then(() => batch);
        const made = await worker.awaiting(inTime(inOrder, plan.timeout, worker, task));
        if (made === undefined) active.splice(active.indexOf(worker), 1);
        ask();
        outstanding.delete(batch);
        if (made === undefined) continue;
        if (plan.indices !== undefined || delivered++ >= epoch.skip) yield made;
        else release(made);
      }
    }
  } finally {
    for (const batch of outstanding) {
      batch.then(
        (packed) => packed && release(packed),
        () => undefined,
      );
    }
    if (persistentWorkers) home.keep(workers);
    else for (const worker of workers) worker.end();
  }
}

/** Requests for the next batch of a stream. */
function* streamTasks(): IterableIterator<Task> {
  for (let batch = 0; ; batch++) yield { batch, indices: new Int32Array(), position: 0 };
}

/** The longest that a timer waits, ms: 25 days. It fires at once if it is set to more. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** @param timeout - ms; 0 is for ever */
async function inTime<T>(batch: Promise<T>, timeout: number, worker: DatasetWorker, task: Task): Promise<T> {
  if (timeout === 0 || timeout > LONGEST_TIMER) return batch;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const problem = `${worker.name} did not deliver ${describeTask(task)} within ${timeout / 1000} s`;
      reject(new TapegradError("DataLoader", `timeout: ${problem}`));
    }, timeout);
  });
  try {
    return await Promise.race([batch, late]);
  } finally {
    clearTimeout(timer);
  }
}
