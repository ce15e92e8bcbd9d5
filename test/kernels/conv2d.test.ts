// Every variant of a convolution that the adapter can run, whichever it would choose.

import { expect, test } from "vitest";
import { testVariant } from "../../src/kernels/variants/self-test.js";
import { allFamilies, canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";

test("all variants compute the checked problems exactly", async () => {
  const device = await openDevice();
  const family = allFamilies().find(({ name }) => name === "conv2d")!;
  const runnable = family.variants.filter((variant) => canRun(variant, device));
  for (const variant of runnable) expect.soft(await testVariant(device, family, variant), variant.name).toBe(true);
  expect(runnable.map(({ name }) => name)).toContain("registers");
});
