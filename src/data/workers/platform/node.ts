// Workers in Node: worker_threads.

import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { TapegradError } from "../../../core/errors.js";
import type { Answer } from "../protocol.js";
import type { Threads } from "./thread.js";

/** Runs behind the worker's source, which defines `tapegradWorker`. A TypeScript module needs tsx here too. */
const BOOTSTRAP = `
const { parentPort, workerData } = require("node:worker_threads");
const importModule = async (url) => {
  if (workerData.tsx !== undefined) {
    (await import(workerData.tsx)).register();
    process.setSourceMapsEnabled(true);
  }
  return import(url);
};
tapegradWorker.serve({
  answer: (message, transfer) => parentPort.postMessage(message, transfer),
  listen: (hear) => parentPort.on("message", hear),
}, importModule);
//# sourceURL=tapegrad-worker.js
`;

/** Makes workers, and imports modules into this thread. */
export const threads: Threads = {
  start(source, module, { hear, die }) {
    if (typeof module === "function") refuseFunction();
    const worker = new Worker(source + BOOTSTRAP, {
      eval: true,
      name: "tapegrad data",
      workerData: { tsx: tsxFor(module) },
    });
    let isEnding = false;
    let reason: string | undefined;
    worker.unref();
    worker.on("message", (answer: Answer) => hear(answer));
    worker.on("error", (error) => {
      reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on("exit", (code) => {
      if (!isEnding) die(reason ?? `it exited with code ${code}`);
    });
    return {
      send: (request) => worker.postMessage(request),
      end: () => {
        isEnding = true;
        void worker.terminate();
      },
      setAwaited: (isAwaited) => (isAwaited ? worker.ref() : worker.unref()),
    };
  },

  importHere: async (module) => (typeof module === "function" ? refuseFunction() : import(module.href)),
};

function refuseFunction(): never {
  throw new TapegradError(
    "remote",
    "in Node a dataset's module is named by its URL, not by a function that makes a worker",
  );
}

/** What makes Node understand a TypeScript module: the tsx that its project has. */
function tsxFor(module: URL): string | undefined {
  if (!/\.[cm]?tsx?$/.test(module.pathname)) return undefined;
  for (const from of [fileURLToPath(module), `${process.cwd()}/package.json`]) {
    try {
      return new URL("esm/api/index.mjs", pathToFileURL(createRequire(from).resolve("tsx"))).href;
    } catch {
      // not installed where this resolves from; try the next place
    }
  }
  return undefined; // Node may understand it by itself
}
