// The main thread's side of one worker: what was asked of it, and what comes of it.

import { describe } from "../../core/check.js";
import * as errors from "../../core/errors.js";
import type { Packed } from "../collate/packed.js";
import type { Task } from "../loader/epoch.js";
import type { ModuleSource, Thread, Threads } from "./platform/thread.js";
import type { Answer, EpochOrder, PackedError, Request } from "./protocol.js";

const { TapegradError } = errors;

interface Asked {
  resolve(packed: Packed | undefined): void;
  reject(error: Error): void;
  readonly task: Task;
}

/** What a worker has found its dataset to be. */
export interface Opened {
  readonly hasIndices: boolean;
  readonly length: number | undefined;
  readonly makesBatches: boolean;
}

/** One worker with its dataset. */
export class DatasetWorker {
  /** Resolves when the dataset is there; rejects with the error of its constructor. */
  readonly opened: Promise<Opened>;
  readonly #thread: Thread;
  readonly #asked = new Map<number, Asked>();
  #order: EpochOrder | undefined;
  #epoch = 0;
  /** How much is awaited of it. */
  #waiting = 0;
  #death: string | undefined;
  #settle!: { resolve(opened: Opened): void; reject(error: Error): void };

  constructor(
    threads: Threads,
    source: string,
    readonly module: ModuleSource,
    exportName: string,
    args: readonly unknown[],
  ) {
    this.opened = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.#thread = threads.start(source, module, {
      hear: (answer) => this.#hear(answer),
      die: (reason) => this.#die(reason),
    });
    const url = typeof module === "function" ? undefined : module.href;
    this.#sendOpen({ kind: "open", url, exportName, args });
    void this.awaiting(this.opened).catch(() => undefined);
  }

  get isAlive(): boolean {
    return this.#death === undefined;
  }

  /** Starts an epoch; answers of the one before are not wanted any more. */
  begin(order: Omit<EpochOrder, "epoch">): void {
    this.#order = { ...order, epoch: ++this.#epoch };
    this.#thread.send({ kind: "begin", ...this.#order });
  }

  /** A batch; undefined at the end of a stream. The promise may be left alone: nothing complains if it rejects. */
  load(task: Task): Promise<Packed | undefined> {
    const answer = new Promise<Packed | undefined>((resolve, reject) => {
      this.#asked.set(task.batch, { resolve, reject, task });
    });
    answer.catch(() => undefined);
    if (this.#death === undefined) this.#thread.send({ kind: "load", epoch: this.#epoch, ...task });
    else this.#die(this.#death);
    return answer;
  }

  /** Nothing more is wanted of this epoch; the worker stays, and keeps nobody waiting. */
  park(): void {
    this.#asked.clear();
    if (this.isAlive) this.#thread.send({ kind: "end", epoch: this.#epoch });
  }

  end(): void {
    this.#asked.clear();
    this.#death ??= "it was ended";
    this.#thread.end();
  }

  /** Waits for something of this worker, which meanwhile keeps the program alive. */
  async awaiting<T>(answer: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#thread.setAwaited(true);
    try {
      return await answer;
    } finally {
      if (--this.#waiting === 0) this.#thread.setAwaited(false);
    }
  }

  /** "worker 1 of 2" */
  get name(): string {
    return this.#order === undefined ? "a worker" : `worker ${this.#order.id} of ${this.#order.numWorkers}`;
  }

  #sendOpen(request: Extract<Request, { kind: "open" }>): void {
    try {
      this.#thread.send(request);
    } catch (error) {
      this.end();
      const bad = request.args.findIndex((arg) => !canTravel(arg));
      const problem = `argument ${bad} of the dataset, ${describe(request.args[bad])}, cannot travel to a worker`;
      const fix = "pass plain data (a path, numbers, typed arrays), and make the rest of it in the constructor";
      throw new TapegradError("remote", `${problem}: ${fix}`, { cause: error });
    }
  }

  #hear(answer: Answer): void {
    if (answer.kind === "opened") this.#settle.resolve(answer);
    else if (answer.kind === "refused") {
      this.#settle.reject(unpackError(answer.error, "when a worker made the dataset"));
    } else if (answer.epoch === this.#epoch) this.#answer(answer);
  }

  #answer(answer: Extract<Answer, { kind: "batch" | "failed" }>): void {
    const asked = this.#asked.get(answer.batch);
    this.#asked.delete(answer.batch);
    if (answer.kind === "batch") asked?.resolve(answer.packed);
    else asked?.reject(unpackError(answer.error, `in ${this.name}, ${describeTask(asked.task)}`));
  }

  #die(reason: string): void {
    this.#death = reason;
    this.#settle.reject(new TapegradError("remote", `the worker that should make the dataset died: ${reason}`));
    const lost = [...this.#asked.values()];
    this.#asked.clear();
    for (const { reject, task } of lost) {
      reject(new TapegradError("DataLoader", `${this.name} died before it delivered ${describeTask(task)}: ${reason}`));
    }
  }
}

/** "batch 3 (indices 6, 7)" */
export function describeTask({ batch, indices }: Task): string {
  if (indices.length === 0) return `batch ${batch}`;
  const shown = [...indices.subarray(0, 8)].join(", ") + (indices.length > 8 ? ", ..." : "");
  return `batch ${batch} (${indices.length === 1 ? "index" : "indices"} ${shown})`;
}

function canTravel(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}

/** The error of a worker, of its class where it is JavaScript's or tapegrad's, with the stack it had there. */
function unpackError({ name, message, stack }: PackedError, where: string): Error {
  const classes = { ...errors, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const found = (classes as Record<string, unknown>)[name];
  const error = new Error(`${message} (${where})`);
  if (typeof found === "function" && found.prototype instanceof Error) Object.setPrototypeOf(error, found.prototype);
  Object.defineProperty(error, "name", { value: name, configurable: true });
  const frames = stack.slice(stack.indexOf(message) + message.length).trimStart();
  error.stack = `${name}: ${error.message}\n    ${frames}`;
  return error;
}
