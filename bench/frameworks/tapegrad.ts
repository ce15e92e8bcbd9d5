// Tapegrad as its README uses it: nothing is disposed of by hand.

import { init, type Tensor } from "tapegrad";
import packageJson from "../../package.json" with { type: "json" };
import type { Framework, Session } from "./framework.js";

export async function openTapegrad(): Promise<Framework> {
  await init();
  return {
    version: packageJson.version,
    prepare: (workload) => ({
      eager: () => {
        const { inputs, run } = workload.tapegrad();
        return session(() => run(...inputs));
      },
    }),
  };
}

export function session(run: () => Tensor[]): Session {
  return {
    async run() {
      await finish(run());
    },
    async outputs() {
      return Promise.all(run().map(async (output) => (await output.data()) as Float32Array));
    },
  };
}

/** Waits until the GPU has computed the outputs, by reading one element of the last; the others are computed before it. */
export async function finish(outputs: readonly Tensor[]): Promise<void> {
  await outputs.at(-1)!.flatten().select(0, 0).item();
}
