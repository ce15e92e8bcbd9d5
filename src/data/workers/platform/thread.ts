// A worker as the loader sees it: Node's and the browser's have little in common.

import type { Answer, Request } from "../protocol.js";

/** What the main thread hears of a worker. */
export interface Listener {
  hear(answer: Answer): void;
  /** Called once, unless the worker was told to end. */
  die(reason: string): void;
}

/** A worker that runs. */
export interface Thread {
  /** @throws what structuredClone throws, for a value that cannot travel */
  send(request: Request): void;
  end(): void;
  /** Whether the program waits for this worker; else it does not keep the program alive. */
  setAwaited(isAwaited: boolean): void;
}

/** A dataset's module, or in a browser a function that makes its worker. */
export type ModuleSource = URL | (() => object);

/** Makes workers, and imports modules into this thread. */
export interface Threads {
  /** @param source - the worker's own script, for a dataset's module */
  start(source: string, module: ModuleSource, listener: Listener): Thread;
  importHere(module: ModuleSource): Promise<Readonly<Record<string, unknown>>>;
}
