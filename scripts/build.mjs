// Builds dist/: ES modules for Node and for browsers (the package, its models, what workers need), and the types.

import { execFileSync } from "node:child_process";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bundleForBrowsers, bundleForNode, bundleForWorkers, modelsForBrowsers } from "./bundle.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
for (const embed of ["wgsl", "worker"]) execFileSync(process.execPath, [`scripts/embed-${embed}.mjs`]);
rmSync("dist", { recursive: true, force: true });

await bundleForNode(); // makes the folder
await bundleForWorkers();
const browser = await bundleForBrowsers();
const models = await modelsForBrowsers();
for (const [path, text] of Object.entries({ ...browser.files, ...models.files })) writeFileSync(path, text);
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`dist/tapegrad.js          ${kilobytes(statSync("dist/tapegrad.js").size)}`);
console.log(`dist/tapegrad.data.js     ${kilobytes(statSync("dist/tapegrad.data.js").size)}`);
console.log(`dist/tapegrad.browser.js  ${kilobytes(browser.bytes)}, gzipped ${kilobytes(browser.gzipBytes)}`);
console.log(`dist/tapegrad.models.browser.js  ${kilobytes(models.bytes)}, gzipped ${kilobytes(models.gzipBytes)}`);
