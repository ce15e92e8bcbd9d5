// Workers in browsers: Web Workers.

import { TapegradError } from "../../../core/errors.js";
import type { Answer } from "../protocol.js";
import type { Listener, Thread, Threads } from "./thread.js";

/** Runs behind the worker's source, which defines `tapegradWorker`. */
const BOOTSTRAP = `
tapegradWorker.serve(tapegradWorker.browserPort(), (url) => import(url));
//# sourceURL=tapegrad-worker.js
`;

/** Makes workers, and imports modules into this thread. */
export const threads: Threads = {
  start(source, module, listener) {
    if (typeof module === "function") return adopt(module() as Worker, listener);
    const url = URL.createObjectURL(new Blob([source + BOOTSTRAP], { type: "text/javascript" }));
    const worker = new Worker(url, { type: "module", name: "tapegrad data" });
    return adopt(worker, listener, () => URL.revokeObjectURL(url));
  },

  importHere: async (module) => {
    if (typeof module !== "function") return import(/* @vite-ignore */ module.href);
    throw new TapegradError("DataLoader", "a dataset whose worker you make needs numWorkers above 0");
  },
};

let workersMade = 0;

/** @param begun - called when the worker has its script */
function adopt(worker: Worker, { hear, die }: Listener, begun?: () => void): Thread {
  // A browser does not say when a worker ends. The worker holds a lock while it lives, and whoever waits for it knows.
  const lock = `tapegrad-worker-${Date.now()}-${Math.random()}-${workersMade++}`;
  let isOver = false;
  const over = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    die(reason);
  };
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    if (data.kind === "opened" || data.kind === "refused") {
      begun?.();
      void navigator.locks?.request(lock, () => over("it ended by itself"));
    }
    hear(data);
  };
  worker.onerror = (event) => {
    event.preventDefault();
    over(event.message || "its script could not be loaded");
  };
  return {
    send: (request) => worker.postMessage(request.kind === "open" ? { ...request, lock } : request),
    end: () => {
      isOver = true;
      worker.terminate();
    },
    setAwaited: () => undefined, // a page stays anyway
  };
}
