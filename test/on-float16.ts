// Tests that need float16.

import { expect, test } from "vitest";
import { currentDevice } from "../src/index.js";

/** A test for adapters with shader-f16; on the others, the same code is refused. */
export function onFloat16(name: string, run: () => Promise<void>): void {
  test(name, async () => {
    if (currentDevice().gpu.features.has("shader-f16")) await run();
    else
      await expect(async () => run()).rejects.toThrow(
        /float16 needs WebGPU's feature "shader-f16", which this adapter/,
      );
  });
}
