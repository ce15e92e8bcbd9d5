import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

// Tests run on SwiftShader unless TAPEGRAD_ADAPTER says otherwise. TAPEGRAD_POISON=1 fills memory with NaN whenever it
// changes hands. test/real-data runs where TAPEGRAD_DATA names a folder with the data. The conformance judge imports
// tapegrad by name, which is the source here.
//
// Most files share a process, its device and the modules they import, which saves a third of the time. Files that count
// what a process holds, stop it, mock modules, start others or compile kernels by the thousand have a process each.
const FOLDERS = ["browser", "conformance", "data", "examples", "models", "real-data", "replay", "runtime"];
const FILES = ["kernels/subgroup-matrix", "kernels/variants", "ops/gradcheck"];
const ALONE = [...FOLDERS.map((folder) => `${folder}/**/*`), ...FILES].map((path) => `test/${path}.test.ts`);
export default defineConfig({
  resolve: {
    alias: [
      { find: /^tapegrad$/, replacement: source("index.ts") },
      { find: /^tapegrad\/data$/, replacement: source("data/host.ts") },
      { find: /^tapegrad\/models$/, replacement: source("models/index.ts") },
    ],
  },
  test: {
    exclude: process.env["TAPEGRAD_DATA"] === undefined ? ["test/real-data/**"] : [],
    pool: "forks",
    maxWorkers: 2,
    env: { TAPEGRAD_ADAPTER: process.env["TAPEGRAD_ADAPTER"] ?? "swiftshader" },
    expect: { requireAssertions: true },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      { extends: true, test: { name: "alone", include: ALONE } },
      { extends: true, test: { name: "together", include: ["test/**/*.test.ts"], exclude: ALONE, isolate: false } },
    ],
  },
});
