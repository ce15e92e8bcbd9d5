// Hooks, backward() and autograd.grad() with the arguments that people give them.

import { beforeAll, describe, expect, test } from "vitest";
import { AutogradError, autograd, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (values: number[]): Tensor => tensor(values, { requiresGrad: true });

describe("a hook", () => {
  test("that returns another shape is an error, on leaves and between", () => {
    const message = "registerHook: a hook returned a gradient of shape [] for one of shape [2]";
    const a = leaf([1, 2]);
    a.registerHook((grad) => grad.sum());
    expect(() => a.sum().backward()).toThrow(AutogradError);
    expect(() => a.sum().backward()).toThrow(message);
    const y = leaf([1, 2]).mul(2);
    y.registerHook((grad) => grad.sum());
    expect(() => y.sum().backward()).toThrow(message);
  });

  test("that returns no tensor is an error", () => {
    const a = leaf([1, 2]);
    a.registerHook(() => 5 as never);
    expect(() => a.sum().backward()).toThrow("registerHook: takes from a hook a gradient, or nothing, got 5");
  });

  test("removed twice takes nobody else's hook with it", async () => {
    const a = leaf([1, 2]);
    const handle = a.registerHook((grad) => grad.mul(5));
    a.registerHook((grad) => grad.mul(10));
    handle.remove();
    handle.remove();
    a.sum().backward();
    expect(await a.grad!.toArray()).toEqual([10, 10]);
  });

  test("registered twice can be removed once", async () => {
    const a = leaf([1]);
    const double = (grad: Tensor): Tensor => grad.mul(2);
    const handle = a.registerHook(double);
    a.registerHook(double);
    handle.remove();
    handle.remove();
    a.sum().backward();
    expect(await a.grad!.toArray()).toEqual([2]);
  });

  test("that removes itself does not keep the next one from running", async () => {
    const a = leaf([1]);
    const handle = a.registerHook(() => handle.remove());
    a.registerHook((grad) => grad.mul(2));
    a.sum().backward();
    expect(await a.grad!.toArray()).toEqual([2]);
  });
});

test("backward() takes options alone", async () => {
  const a = leaf([1, 2]);
  const loss = a.square().sum();
  loss.backward({ retainGraph: true });
  loss.backward();
  expect(await a.grad!.toArray()).toEqual([4, 8]); // twice 2a
});

test("backward() refuses a gradient that is no tensor", () => {
  const y = leaf([1]).mul(2);
  expect(() => y.backward(1 as never)).toThrow("backward: takes the gradient as a tensor, got 1: use tensor(1)");
});

test("autograd.grad() takes one input, and one gradient of an output", async () => {
  const a = leaf([1, 2]);
  const [da] = autograd.grad(a.square().sum(), a);
  expect(await da!.toArray()).toEqual([2, 4]);
  const [weighted] = autograd.grad(a.square(), a, { gradOutputs: tensor([1, 10]) });
  expect(await weighted!.toArray()).toEqual([2, 40]);
});

test("autograd.grad() refuses a view that the tape did not follow through an in-place change of its base", () => {
  const x = leaf([1, 2]).mul(2);
  const v = x.unbind()[0]!;
  x.mul_(3);
  expect(() => autograd.grad(x.sum(), v)).toThrow("grad: mul_ changed a tensor [2] in place");
});
