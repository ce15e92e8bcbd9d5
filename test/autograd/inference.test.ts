// inferenceMode: tensors that never join the tape.

import { beforeAll, expect, test } from "vitest";
import { inferenceMode, isGradEnabled, isInferenceModeEnabled, nn, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (): Tensor => tensor([1, 2], { requiresGrad: true });
const made = (): Tensor => inferenceMode(() => tensor([3, 4]).mul(2));

test("nothing is recorded inside, and results say so", async () => {
  const x = leaf();
  const y = inferenceMode(() => {
    expect([isGradEnabled(), isInferenceModeEnabled()]).toEqual([false, true]);
    return x.mul(2);
  });
  expect([y.requiresGrad, y.isInference(), x.isInference()]).toEqual([false, true, false]);
  expect([isGradEnabled(), isInferenceModeEnabled()]).toEqual([true, false]);
  expect(await y.toArray()).toEqual([2, 4]);
});

test("for a block, and for a promise", async () => {
  {
    using _ = inferenceMode();
    expect(isInferenceModeEnabled()).toBe(true);
  }
  const value = inferenceMode(async () => tensor([5]).item());
  expect(isInferenceModeEnabled()).toBe(true);
  expect([await value, isInferenceModeEnabled()]).toEqual([5, false]);
});

test("its tensors can be read and computed with, but not saved for a derivative", async () => {
  const y = made();
  expect(await y.add(leaf()).toArray()).toEqual([7, 10]); // add saves nothing
  expect(() => leaf().mul(y)).toThrow(/mul: a tensor \[2\] was made in inferenceMode \(by mul\)/);
  const product = leaf().mul(y.clone());
  expect(product.requiresGrad).toBe(true);
});

test("they can be changed and require grad inside only", async () => {
  const y = made();
  expect(() => y.add_(1)).toThrow(/add_: .* inferenceMode/);
  expect(() => y.requiresGrad_()).toThrow(/requiresGrad_: .* inferenceMode/);
  expect(await inferenceMode(() => y.add_(1)).toArray()).toEqual([7, 9]);
});

test("a model predicts as it does otherwise", async () => {
  const net = new nn.Linear(2, 3);
  const x = tensor([[1, -1]]);
  expect(await inferenceMode(() => net.forward(x)).toArray()).toEqual(await net.forward(x).toArray());
});
