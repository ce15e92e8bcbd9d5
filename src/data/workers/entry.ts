// What runs in a worker: scripts/embed-worker.mjs makes src/data/workers/source.ts of it, one script without imports.

export { browserPort } from "./browser-port.js";
export { serve } from "./serve.js";
