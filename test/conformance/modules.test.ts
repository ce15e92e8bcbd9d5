// Layers and losses with options that PyTorch's own samples leave out (scripts/conformance_module_table.py).

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { readModuleCases } from "../../conformance/cases.js";
import { judgeModule } from "../../conformance/modules.js";
import { openDevice } from "../device.js";

const CASES = fileURLToPath(new URL("modules.jsonl.gz", import.meta.url));
/** In ms: a driver that compiles slowly takes minutes for the kernels of all modules. */
const TIMEOUT = 600_000;
/** Every second case is run here; all of them, which take twice as long, by `npm run conformance` on the file. */
const STEP = 2;

beforeAll(openDevice);

test(
  "every module has PyTorch's state dict, values, gradients and state afterwards",
  async () => {
    const failed: string[] = [];
    for (const sample of readModuleCases([CASES])) {
      if (sample.id % STEP !== 0) continue;
      const verdict = await judgeModule(sample);
      if (verdict.kind !== "passed") failed.push(`${sample.module} #${sample.id}: ${JSON.stringify(verdict)}`);
    }
    expect(failed).toEqual([]);
  },
  TIMEOUT,
);
