// Builds dist/: one ES module for Node, one for browsers, and the types.

import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);
execFileSync(process.execPath, ["scripts/embed-wgsl.mjs"]);
rmSync("dist", { recursive: true, force: true });

const common = {
  entryPoints: ["src/index.ts"],
  bundle: true,
  format: "esm",
  target: "es2022",
  sourcemap: true,
  keepNames: true, // modules print their class names
  legalComments: "none",
};
await build({ ...common, outfile: "dist/tapegrad.js", platform: "node", external: ["webgpu"] });
await build({ ...common, outfile: "dist/tapegrad.browser.js", platform: "browser", minify: true });
execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });

const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const browser = readFileSync("dist/tapegrad.browser.js");
console.log(
  `dist/tapegrad.js ${kilobytes(statSync("dist/tapegrad.js").size)}, ` +
    `dist/tapegrad.browser.js ${kilobytes(browser.length)} (${kilobytes(gzipSync(browser, { level: 9 }).length)} gzipped)`,
);
