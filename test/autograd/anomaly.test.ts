// Anomaly mode: which operation's derivative first made a NaN, and where it was called.

import { afterEach, beforeAll, expect, test } from "vitest";
import { autograd, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);
afterEach(() => void autograd.setDetectAnomaly(false));

function divideByItself(x: Tensor): Tensor {
  return x.sqrt().mul(0).div(2); // d sqrt at 0 is infinite, times 0 is NaN
}

test("the operation, the gradient's shape, the element and the user's line", async () => {
  autograd.setDetectAnomaly(true);
  const x = tensor([4, 0, 1], { requiresGrad: true });
  const y = divideByItself(x).exp();
  y.sum().backward();
  const error = await x.grad!.data().then(
    () => undefined,
    (thrown: Error) => thrown,
  );
  expect(error).toBeInstanceOf(Error);
  expect(error!.message).toMatch(
    /^backward: the derivative of sqrt made a NaN at element 1 of the gradient of its input/,
  );
  expect(error!.message).toContain("shape [3]");
  const frames = error!.message.split("\n").slice(1);
  expect(frames[0]).toMatch(/divideByItself.*anomaly\.test\.ts/);
  expect(frames.filter((frame) => frame.includes("/src/"))).toEqual([]);
});

test("is named once: what comes after starts anew", async () => {
  autograd.setDetectAnomaly(true);
  const x = tensor([0], { requiresGrad: true });
  divideByItself(x).backward();
  await expect(x.grad!.item()).rejects.toThrow(/sqrt/);
  expect(await x.grad!.item()).toBeNaN();
});

test("nothing is said of gradients that are finite or infinite", async () => {
  using _ = autograd.detectAnomaly();
  const x = tensor([0, 2], { requiresGrad: true });
  x.sqrt().sum().backward();
  expect(await x.grad!.toArray()).toEqual([Number.POSITIVE_INFINITY, Math.fround(0.5 / Math.fround(Math.sqrt(2)))]);
});

test("costs nothing when off, and says so if only the backward pass is inside", async () => {
  expect(autograd.isAnomalyEnabled()).toBe(false);
  const x = tensor([0], { requiresGrad: true });
  const y = divideByItself(x);
  autograd.setDetectAnomaly(true);
  y.backward();
  await expect(x.grad!.item()).rejects.toThrow(/sqrt was called outside of anomaly mode/);
});

test("a function runs in the mode, which ends with it", async () => {
  const x = tensor([0], { requiresGrad: true });
  const y = autograd.detectAnomaly(() => {
    const y = divideByItself(x);
    y.backward();
    return y;
  });
  expect(autograd.isAnomalyEnabled()).toBe(false);
  await expect(y.item()).rejects.toThrow("the derivative of sqrt made a NaN");
});

test("the mode ends with its guard", () => {
  {
    using _ = autograd.detectAnomaly();
    expect(autograd.isAnomalyEnabled()).toBe(true);
  }
  expect(autograd.isAnomalyEnabled()).toBe(false);
});
