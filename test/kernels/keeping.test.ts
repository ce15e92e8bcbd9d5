// Recipes that one kernel after another computes are written to memory.

import { expect, test } from "vitest";
import { currentDevice, manualSeed, randn } from "../../src/index.js";
import { openDevice } from "../device.js";

await openDevice();

test("an array that two kernels have computed on their way is written once, for the third", async () => {
  await randn([2]).sum().item(); // launches what other files have left
  const x = randn([64, 64]);
  const dispatches: number[] = [];
  const totals: number[] = [];
  for (let i = 0; i < 5; i++) {
    const before = currentDevice().stats().dispatches;
    totals.push(await x.sum().item());
    dispatches.push(currentDevice().stats().dispatches - before);
  }
  const [alone] = dispatches as [number];
  expect(dispatches).toEqual([alone, alone, alone + 1, alone, alone]);
  expect(new Set(totals).size).toBe(1);
  expect(x.array.state.kind).toBe("realized");
});

// From a million elements on, some adapters take four of those in memory in each turn of a loop.
test.each([64, 1024])("a sum is the same to the last bit, in memory or computed on the way: %i x itself", async (n) => {
  for (let seed = 0; seed < 8; seed++) {
    manualSeed(seed);
    const x = randn([n, n]);
    const onTheWay = await x.sum().item();
    x.array.realize();
    expect(await x.sum().item()).toBe(onTheWay);
  }
});

test("what is both an operand of a reduction and of what follows it may be written between the two", async () => {
  const x = randn([8, 64]).mul(2);
  for (let i = 0; i < 4; i++) {
    const centred = x.sub(x.mean(1, { keepdim: true }));
    const scaled = centred.div(centred.square().mean(1, { keepdim: true }).sqrt());
    const squares = await scaled.square().mean(1).toArray();
    for (const square of squares as number[]) expect(square).toBeCloseTo(1, 5);
  }
});
