// The pool's stock of memory is bounded in blocks, not only in bytes: lavapipe crashes at some 30,000 of them.

import { expect, test } from "vitest";
import { ones, stack } from "../../src/index.js";
import { openDevice } from "../device.js";

test("rounds of 1,000 tensors of one number are stocked up for with at most 8,192 blocks", async () => {
  const device = await openDevice();
  const one = ones([1]).clone();
  for (let round = 0; round < 6; round++) {
    const all = Array.from({ length: 1000 }, (_, i) => one.mul(i));
    for (const y of all) y.array.realize();
    expect(await stack(all).sum().item()).toBe(499_500);
  }
  // Beside the stock, what the first rounds made as they went along.
  expect(device.stats().buffersCreated).toBeLessThan(8192 + 6 * 1000);
});
