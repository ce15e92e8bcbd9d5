// Dropout: the mask takes no memory, is drawn again for the derivative, and never compiles anything twice.

import { beforeAll, expect, test } from "vitest";
import { type Device, F, manualSeed, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

test.each([0.1, 0.5, 0.9])(
  "p = %f: the gradient passes where the element did, whatever was drawn in between",
  async (p) => {
    const x = ones([1001], { requiresGrad: true });
    const y = F.dropout(x, { p });
    manualSeed(5);
    F.dropout(ones([1001]), { p }).array.realize();
    y.sum().backward();
    const passed = await y.data();
    expect([...(await x.grad!.data())]).toEqual([...passed]);
    expect(new Set(passed)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
  },
);

test("new seeds, draws and sizes of the last batch compile nothing", async () => {
  const step = (batch: number): Promise<number> => {
    const x: Tensor = ones([batch, 12], { requiresGrad: true });
    const loss = F.dropout(x).square().sum();
    loss.backward();
    return x.grad!.sum().add(loss).item();
  };
  for (const batch of [32, 32, 7]) await step(batch);
  const { pipelinesCreated } = device.stats();
  for (const [seed, batch] of [32, 32, 7, 9, 31].entries()) {
    manualSeed(seed);
    await step(batch);
  }
  expect(device.stats().pipelinesCreated).toBe(pipelinesCreated);
});

test("an embedding's gradient adds up heavy repeats, twice the same", async () => {
  const table = ones([5, 3], { requiresGrad: true });
  const gradient = async (): Promise<ArrayLike<number>> => {
    table.grad = null;
    const y = F.embedding(tensor(new Int32Array(2000).fill(3)), table);
    y.mul(0.1).sum().backward();
    return table.grad!.data();
  };
  const once = await gradient();
  expect(once[9]).toBeCloseTo(200, 3);
  expect(await gradient()).toEqual(once);
});

test("before a softmax and a linear layer: what a derivative is computed from outlives the kernels it waits for", async () => {
  const leaf = (...shape: number[]): Tensor => ones(shape, { requiresGrad: true });
  const [table, x, weight] = [leaf(4, 20), leaf(5, 20), leaf(3, 20)];
  const tokens = tensor([1, 1, 1, 1, 1], { dtype: "int32" });
  const y = F.linear(F.dropout(x.add(F.embedding(tokens, table))).softmax(1), weight);
  y.index(tensor([0, 0, 2], { dtype: "int32" }))
    .sum()
    .backward();
  // Rows of softmax add up to 1, so with equal weights nothing depends on what goes into it.
  for (const { grad } of [table, x]) expect(Math.abs(await grad!.abs().amax().item())).toBeLessThan(1e-6);
  expect(await weight.grad!.sum().item()).toBeCloseTo(9, 4);
});
