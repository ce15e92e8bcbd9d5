// Tapegrad as its README uses it: nothing is disposed of by hand.

import { compile, init, type Tensor } from "tapegrad";
import packageJson from "../../package.json" with { type: "json" };
import { finish } from "./finish.js";
import type { Framework, Session } from "./framework.js";

export async function openTapegrad(): Promise<Framework> {
  await init();
  return {
    version: packageJson.version,
    prepare(workload) {
      const eager = () => {
        const { inputs, run } = workload.tapegrad();
        return session(() => run(...inputs));
      };
      const replay = () => {
        const { inputs, run } = workload.tapegrad();
        const step = compile(run);
        return session(() => step(...inputs));
      };
      const forms: Record<string, () => Session> = workload.isStep || workload.isSmall ? { eager, replay } : { eager };
      return forms;
    },
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
