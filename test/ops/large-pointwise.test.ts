// Pointwise kernels of many elements, which some adapters compute in loops.

import { beforeAll, expect, test } from "vitest";
import { tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(async () => {
  await openDevice();
});

test.each([(1 << 19) + 4, (1 << 19) + 60, (1 << 17) + 3, (1 << 17) - 1])("%i elements", async (n) => {
  const numbers = Float32Array.from({ length: n }, (_, i) => i);
  const y = await tensor(numbers).mul(2).add(1).data();
  expect(y.length).toBe(n);
  expect(y.findIndex((value, i) => value !== Math.fround(Math.fround(i * 2) + 1))).toBe(-1);
});
