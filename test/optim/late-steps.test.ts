// Adam's bias correction far into training, where 1 - beta^t is 1 to the last bit.

import { beforeAll, expect, test } from "vitest";
import { ones, optim } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

// PyTorch 1.13: w = 1; Adam([w], lr=0.1); w.grad = 1; step(); state step = t; w.grad = 1; step()
test.each([
  [1, 0.8],
  [10, 0.835_209],
  [1_000_000, 0.475_041],
])("after step %i", async (t, wanted) => {
  const w = ones([1], { requiresGrad: true });
  const optimizer = new optim.Adam([w], { lr: 0.1 });
  const step = (): void => {
    w.grad = ones([1]);
    optimizer.step();
  };
  step();
  const { state, paramGroups } = optimizer.stateDict();
  optimizer.loadStateDict({ state: { 0: { ...state[0]!, step: t } }, paramGroups });
  step();
  expectClose(await w.data(), [wanted], 1e-5);
});

test("a stateDict that is loaded into its own optimizer changes nothing", async () => {
  const w = ones([3], { requiresGrad: true });
  const optimizer = new optim.Adam([w]);
  w.grad = ones([3]);
  optimizer.step();
  const moments = async (): Promise<unknown> => (optimizer.stateDict().state[0]!["expAvg"] as typeof w).toArray();
  const before = await moments();
  optimizer.loadStateDict(optimizer.stateDict());
  expect(await moments()).toEqual(before);
});
