// Optimizers against PyTorch, and what they cost.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { optimizerOf } from "../../parity/optimizer.js";
import type { Args } from "../../parity/values.js";
import { type Device, full, nn, ones, optim, randn, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

interface Run {
  readonly name: string;
  readonly options: Args;
  readonly shapes: number[][];
  readonly steps: number[][][];
}

const { optimizers } = JSON.parse(readFileSync(new URL("../goldens/training.json", import.meta.url), "utf8")) as {
  optimizers: Run[];
};

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

test.each(optimizers.map((run) => [`${run.name} ${JSON.stringify(run.options)}`, run] as const))(
  "%s takes PyTorch's steps",
  async (_, run) => {
    const params = run.shapes.map((shape, i) => numbers(shape, i).detach().clone().requiresGrad_());
    const optimizer = optimizerOf(run.name, run.options, params);
    for (const [step, wanted] of run.steps.entries()) {
      params.forEach((param, i) => {
        const isMissing = (i === 1 && step < 1) || (i === 2 && step === 2);
        param.grad = isMissing ? null : numbers(run.shapes[i]!, step * 3 + i + 5);
      });
      optimizer.step();
      for (const [i, param] of params.entries())
        expectClose(await param.data(), wanted[i]!, 2e-6, `step ${step}, parameter ${i}`);
    }
  },
);

describe("a step", () => {
  test("is one dispatch however many parameters there are", async () => {
    const params = Array.from({ length: 50 }, () => randn([100, 100], { requiresGrad: true }));
    const optimizer = new optim.Adam(params);
    const round = async (): Promise<number> => {
      optimizer.zeroGrad();
      params
        .map((param) => param.sum())
        .reduce((a, b) => a.add(b))
        .backward();
      await params[0]!.grad!.sum().item();
      const before = device.stats().dispatches;
      optimizer.step();
      return device.stats().dispatches - before;
    };
    await round();
    expect(await round()).toBe(1);
  });

  test("is one dispatch per parameter group, each with its own options", async () => {
    const [a, b] = [ones([3], { requiresGrad: true }), ones([3], { requiresGrad: true })];
    const optimizer = new optim.SGD([{ params: [a] }, { params: [b], lr: 0.5 }], { lr: 0.1 });
    const step = async (): Promise<number> => {
      optimizer.zeroGrad();
      const loss = a.sum().add(b.sum());
      loss.backward();
      await loss.item();
      const before = device.stats().dispatches;
      optimizer.step();
      return device.stats().dispatches - before;
    };
    await step();
    expect(await step()).toBe(2);
    expectClose(await a.data(), [0.8, 0.8, 0.8], 1e-6);
    expectClose(await b.data(), [0, 0, 0], 1e-6);
  });

  test("follows a learning rate that changes, without compiling", async () => {
    const w = ones([2], { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 1 });
    const step = async (lr: number): Promise<number> => {
      optimizer.paramGroups[0]!.lr = lr;
      optimizer.zeroGrad();
      w.sum().backward();
      optimizer.step();
      return (await w.data())[0]!;
    };
    expect(await step(1)).toBe(0);
    const compiled = device.stats().pipelinesCreated;
    expect([await step(0.5), await step(0.25)]).toEqual([-0.5, -0.75]);
    expect(device.stats().pipelinesCreated).toBe(compiled);
  });

  test("leaves parameters without a gradient alone", async () => {
    const [used, unused] = [ones([2], { requiresGrad: true }), ones([2], { requiresGrad: true })];
    const optimizer = new optim.Adam([used, unused], { lr: 0.1, weightDecay: 0.1 });
    used.sum().backward();
    optimizer.step();
    expect(await unused.toArray()).toEqual([1, 1]);
    expect((await used.data())[0]).not.toBe(1);
  });

  test("does not disturb values computed before it, nor views of the parameters", async () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const view = w.detach().narrow(0, 1, 1);
    const optimizer = new optim.SGD([w], { lr: 1 });
    const before = w.mul(10).detach();
    w.sum().backward();
    optimizer.step();
    expect(await before.toArray()).toEqual([10, 20]);
    expect(await view.toArray()).toEqual([1]);
    expect(await w.toArray()).toEqual([0, 1]);
  });
});

describe("a gradient that came from elsewhere", () => {
  test("is copied to its place once, and keeps its value", async () => {
    const w = ones([3], { requiresGrad: true });
    const given = tensor([1, 2, 3]).clone();
    w.grad = given.detach();
    const optimizer = new optim.SGD([w], { lr: 1 });
    optimizer.step();
    const { copies } = device.stats();
    optimizer.step();
    given.mul_(10); // the same memory
    optimizer.step();
    expect(device.stats().copies).toBe(copies);
    expect(await w.toArray()).toEqual([1 - 12, 1 - 24, 1 - 36]);
    optimizer.zeroGrad();
    w.sum().backward();
    expect(await w.grad!.toArray()).toEqual([1, 1, 1]);
    expect(await given.toArray()).toEqual([10, 20, 30]);
  });

  test("may be the parameter itself, or another's", async () => {
    const [v, w] = [ones([2], { requiresGrad: true }), full([2], 2, { requiresGrad: true })];
    const optimizer = new optim.SGD([v, w], { lr: 0.5 });
    v.grad = w.detach();
    w.grad = w.detach();
    for (let i = 0; i < 2; i++) optimizer.step(); // w: 2, 1, 0.5; v: 1, 1 - 1, 0 - 0.5
    expect(await v.toArray()).toEqual([-0.5, -0.5]);
    expect(await w.toArray()).toEqual([0.5, 0.5]);
  });
});

test("parameters can move from one optimizer to another and back", async () => {
  const w = tensor([1, 2, 3], { requiresGrad: true });
  const [first, second] = [new optim.SGD([w], { lr: 1 }), new optim.SGD([w], { lr: 2 })];
  const step = (optimizer: optim.SGD): void => {
    optimizer.zeroGrad();
    w.sum().backward();
    optimizer.step();
  };
  step(first);
  step(second);
  step(first);
  expect(await w.toArray()).toEqual([-3, -2, -1]);
});

test("skipping zeroGrad for two batches equals one batch twice as large", async () => {
  const make = (): { net: nn.Linear; optimizer: optim.SGD } => {
    const net = new nn.Linear(3, 2);
    net.loadStateDict({ weight: numbers([2, 3], 1), bias: zeros([2]) });
    return { net, optimizer: new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.9 }) };
  };
  const [x, y] = [numbers([8, 3], 2), numbers([8, 2], 3)];
  const loss = (net: nn.Linear, from: number, count: number): Tensor => {
    return net
      .forward(x.narrow(0, from, count))
      .sub(y.narrow(0, from, count))
      .square()
      .sum();
  };
  const [whole, halves] = [make(), make()];
  for (let step = 0; step < 3; step++) {
    whole.optimizer.zeroGrad();
    loss(whole.net, 0, 8).backward();
    whole.optimizer.step();
    halves.optimizer.zeroGrad();
    loss(halves.net, 0, 4).backward();
    loss(halves.net, 4, 4).backward();
    halves.optimizer.step();
  }
  expectClose(await halves.net.weight.data(), await whole.net.weight.data(), 1e-6);
  expectClose(await halves.net.bias!.data(), await whole.net.bias!.data(), 1e-6);
});

test("state goes into another optimizer, which continues as if it were the first", async () => {
  const gradients = Array.from({ length: 4 }, (_, i) => numbers([5], i));
  const train = (w: Tensor, optimizer: optim.Adam, from: number, to: number): void => {
    for (let i = from; i < to; i++) {
      w.grad = gradients[i]!;
      optimizer.step();
    }
  };
  const w = numbers([5], 9).clone().requiresGrad_();
  const optimizer = new optim.Adam([w], { lr: 0.1 });
  train(w, optimizer, 0, 2);
  const copy = w.detach().clone().requiresGrad_();
  copy.array.realize();
  const other = new optim.Adam([copy], { lr: 0.5 });
  other.loadStateDict(optimizer.stateDict());
  expect(other.paramGroups[0]!.lr).toBe(0.1);
  train(w, optimizer, 2, 4);
  train(copy, other, 2, 4);
  expect(await copy.data()).toEqual(await w.data());
});

test.each(["a module's", "an optimizer's"])(
  "%s zeroGrad({ setToNone: false }) writes zeros where gradients are",
  async (whose) => {
    const net = new nn.Linear(2, 1);
    const optimizer = new optim.SGD(net.parameters(), { lr: 0.1, momentum: 0.5 });
    const zeroGrad = (): void => (whose === "a module's" ? net : optimizer).zeroGrad({ setToNone: false });
    zeroGrad();
    expect(net.weight.grad).toBeNull();
    for (let i = 0; i < 2; i++) {
      net
        .forward(ones([2]))
        .sum()
        .backward();
      const grad = net.weight.grad!;
      expect(await grad.toArray()).toEqual([[1, 1]]);
      optimizer.step();
      zeroGrad();
      expect(net.weight.grad).toBe(grad);
      expect(await grad.toArray()).toEqual([[0, 0]]);
    }
    net
      .forward(ones([2]))
      .square()
      .sum()
      .backward(null, { createGraph: true });
    zeroGrad();
    expect(net.weight.grad!.requiresGrad).toBe(false);
    expect(await net.weight.grad!.toArray()).toEqual([[0, 0]]);
  },
);

describe("errors", () => {
  test("name the optimizer and the value", () => {
    expect(() => new optim.SGD([], { lr: 0.1 })).toThrow("SGD: got no parameters");
    const w = ones([1], { requiresGrad: true });
    expect(() => new optim.SGD([w, w], { lr: 0.1 })).toThrow("SGD: a parameter appears twice");
    expect(() => new optim.SGD([w.mul(2)], { lr: 0.1 })).toThrow(
      "SGD: can only optimize leaves; got a tensor made by mul",
    );
    expect(() => new optim.SGD([w], { lr: -1 })).toThrow("SGD: lr must be 0 or more, got -1");
    expect(() => new optim.SGD([w], { lr: 1, nesterov: true })).toThrow("nesterov needs momentum");
    expect(() => new optim.Adam([w], { betas: [0.9, 1] })).toThrow("Adam: betas must lie in [0, 1), got 0.9,1");
  });
});
