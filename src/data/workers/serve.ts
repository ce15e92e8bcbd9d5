// The worker's side: a dataset, opened once, that makes batches on request.

import { describe } from "../../core/check.js";
import { collateOnHost } from "../collate/host.js";
import { buffersOf, type Packed, pack } from "../collate/packed.js";
import { batchesOf, type DatasetLike, hasIndices, type IterableLike } from "../dataset.js";
import { batchAt, samplesAt, samplesOf } from "../loader/fetch.js";
import { setWorkerInfo } from "../sample-stream.js";
import { construct, type DatasetModule, functionOf } from "./construct.js";
import type { Answer, EpochOrder, PackedError, Request } from "./protocol.js";

/** How a worker hears and answers. */
export interface Port {
  answer(message: Answer, transfer: ArrayBuffer[]): void;
  listen(hear: (request: Request) => void): void;
}

/** Answers requests, one after the other. */
export function serve(port: Port, importModule: (url: string | undefined) => Promise<DatasetModule>): void {
  let module: DatasetModule = {};
  let dataset: DatasetLike | IterableLike;
  let order: EpochOrder;
  let stream: AsyncIterator<unknown[]> | undefined;
  /** Whether this epoch's batches are made by the dataset itself. */
  let stacksItself = false;
  /** Epochs up to this one are over; what is still asked of them is not done. */
  let ended = -1;

  const opened = async ({ url, exportName, args }: Extract<Request, { kind: "open" }>): Promise<void> => {
    module = await importModule(url);
    dataset = await construct(module, exportName, args);
    const makesBatches = hasIndices(dataset) && batchesOf(dataset) !== undefined;
    port.answer({ kind: "opened", hasIndices: hasIndices(dataset), length: dataset.length, makesBatches }, []);
  };
  const begun = async (next: EpochOrder): Promise<void> => {
    order = next;
    const { id, numWorkers, seed, workerInitFn } = order;
    setWorkerInfo({ id, numWorkers, seed, dataset });
    if (workerInitFn !== undefined) await functionOf(module, workerInitFn, "workerInitFn")(id);
    if (hasIndices(dataset)) {
      stacksItself = order.collate === "default" && order.isBatched && batchesOf(dataset) !== undefined;
      return;
    }
    stream = samplesOf(dataset, seed, order, { first: id, step: numWorkers });
  };
  const loaded = async (task: Extract<Request, { kind: "load" }>): Promise<Packed | undefined> => {
    if (hasIndices(dataset)) {
      if (stacksItself) return pack(await batchAt(dataset, order.seed, task));
      return collated(await samplesAt(dataset, order.seed, task));
    }
    const next = await stream!.next();
    return next.done ? undefined : collated(next.value);
  };
  const collated = async (samples: unknown[]): Promise<Packed> => {
    const { collate, isBatched } = order;
    if (typeof collate === "object") {
      const made = functionOf(module, collate.name, "collateFn")(isBatched ? samples : samples[0]);
      return pack(await made, true);
    }
    if (collate === "main") return pack(samples, true);
    return isBatched ? collateOnHost(samples) : pack(samples[0]);
  };

  let beginning: unknown; // why the epoch could not begin
  const done = async (request: Request): Promise<void> => {
    if (request.kind === "open") {
      await opened(request).catch((error) => port.answer({ kind: "refused", error: packError(error) }, []));
    } else if (request.kind === "begin") {
      beginning = undefined;
      await begun(request).catch((error) => (beginning = error));
    } else if (request.kind === "load") {
      const { epoch, batch } = request;
      if (epoch <= ended) return;
      try {
        if (beginning !== undefined) throw beginning;
        const packed = await loaded(request);
        port.answer({ kind: "batch", epoch, batch, packed }, packed === undefined ? [] : buffersOf(packed));
      } catch (error) {
        port.answer({ kind: "failed", epoch, batch, error: packError(error) }, []);
      }
    } else {
      await stream?.return?.();
      stream = undefined;
    }
  };
  let last: Promise<void> = Promise.resolve();
  port.listen((request) => {
    if (request.kind === "end") ended = request.epoch;
    last = last.then(() => done(request));
  });
}

function packError(error: unknown): PackedError {
  if (!(error instanceof Error)) return { name: "Error", message: describe(error), stack: "" };
  return { name: error.name, message: error.message, stack: error.stack ?? "" };
}
