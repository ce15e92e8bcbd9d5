// Builds what of the peers cannot be imported as it is installed.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { peersFolder, tfjsBundle } from "./open.js";

export async function preparePeers(): Promise<void> {
  if (!existsSync(`${peersFolder}@jax-js/jax`))
    throw new Error("the peers are not installed: npm --prefix bench/peers ci");
  await build({
    entryPoints: [fileURLToPath(new URL("tfjs.js", import.meta.url))],
    outfile: tfjsBundle,
    bundle: true,
    format: "cjs", // as ES modules its platform detection cannot require "util"
    platform: "node",
    mainFields: ["module", "main"],
    logLevel: "error",
  });
}
