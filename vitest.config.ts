import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`src/${path}`, import.meta.url));

// Each test file runs in a process of its own, with a device of its own, on SwiftShader unless TAPEGRAD_ADAPTER says
// otherwise. TAPEGRAD_POISON=1 fills memory with NaN whenever it changes hands. test/real-data runs where TAPEGRAD_DATA
// names a folder with the data. The conformance judge imports tapegrad by name, which is the source here.
export default defineConfig({
  resolve: {
    alias: [
      { find: /^tapegrad$/, replacement: source("index.ts") },
      { find: /^tapegrad\/data$/, replacement: source("data/host.ts") },
      { find: /^tapegrad\/models$/, replacement: source("models/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: process.env["TAPEGRAD_DATA"] === undefined ? ["test/real-data/**"] : [],
    pool: "forks",
    env: { TAPEGRAD_ADAPTER: process.env["TAPEGRAD_ADAPTER"] ?? "swiftshader" },
    expect: { requireAssertions: true },
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
