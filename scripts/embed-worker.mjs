// Writes src/data/workers/source.ts: the script of a loader's workers as text. So Node, bundlers and browsers all can
// start one, without a file that must lie beside the bundle.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const target = fileURLToPath(new URL("../src/data/workers/source.ts", import.meta.url));

const { outputFiles } = await build({
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: ["src/data/workers/entry.ts"],
  bundle: true,
  write: false,
  format: "iife",
  globalName: "tapegradWorker",
  platform: "neutral",
  target: "es2022",
  minify: true,
});
const text = outputFiles[0]?.text ?? "";
const module = `// Made by scripts/embed-worker.mjs from src/data/workers/entry.ts. Do not edit.
/** The script of a worker. */
export const workerSource = ${JSON.stringify(text)};
`;
if (!existsSync(target) || readFileSync(target, "utf8") !== module) writeFileSync(target, module);
