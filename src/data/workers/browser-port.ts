// A worker's end of the line in a browser.

import type { DatasetModule } from "./construct.js";
import type { Request } from "./protocol.js";
import { type Port, serve } from "./serve.js";

/** The names of a worker that TypeScript's types for pages lack. */
interface WorkerScope {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", hear: (event: MessageEvent<Request & { lock?: string }>) => void): void;
}

/** Is set where a worker serves already. */
const SERVING = Symbol.for("tapegrad.data.serving");

/** The port of the worker this runs in. */
export function browserPort(): Port {
  const scope = globalThis as unknown as WorkerScope & { [SERVING]?: boolean };
  scope[SERVING] = true;
  let ready = Promise.resolve();
  return {
    answer: (message, transfer) => scope.postMessage(message, transfer),
    listen: (hear) =>
      scope.addEventListener("message", ({ data }) => {
        if (data.lock !== undefined) ready = held(data.lock);
        void ready.then(() => hear(data));
      }),
  };
}

/** Holds a lock for as long as the worker lives (see platform/browser.ts); resolves when it is held. */
function held(lock: string): Promise<void> {
  return new Promise((resolve) => {
    const hold = (): Promise<never> => {
      resolve();
      return new Promise(() => undefined);
    };
    if (navigator.locks === undefined) resolve();
    else void navigator.locks.request(lock, hold);
  });
}

/**
 * Makes a module the script of a worker that the page starts itself, which is what bundlers understand:
 *
 *     export default class MyDataset extends Dataset { ... }
 *     serveDataset({ default: MyDataset });
 *
 *     // the page
 *     const train = await data.remote(() => new Worker(new URL("./my-dataset.ts", import.meta.url), { type: "module" }));
 *
 * Anywhere but in such a worker it does nothing.
 */
export function serveDataset(module: DatasetModule): void {
  const scope = globalThis as { WorkerGlobalScope?: unknown; [SERVING]?: boolean };
  if (scope.WorkerGlobalScope === undefined || scope[SERVING]) return;
  serve(browserPort(), async () => module);
}
