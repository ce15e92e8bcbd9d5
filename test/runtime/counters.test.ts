// What a training step costs, counted exactly.

import { beforeAll, describe, expect, test } from "vitest";
import { type Device, nn, noGrad, optim, type Stats, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

class MLP extends nn.Module {
  layer1 = new nn.Linear(784, 256);
  layer2 = new nn.Linear(256, 128);
  layer3 = new nn.Linear(128, 10);
  activation = new nn.ReLU();
  forward(x: Tensor): Tensor {
    x = this.activation.forward(this.layer1.forward(x)); // [B, 256]
    x = this.activation.forward(this.layer2.forward(x)); // [B, 128]
    return this.layer3.forward(x); // [B, 10]
  }
}

const pixels = Float32Array.from({ length: 128 * 784 }, (_, i) => Math.sin(i));
const digits = Int32Array.from({ length: 128 }, (_, i) => i % 10);

function difference(before: Stats, after: Stats): Record<keyof Stats, number> {
  return Object.fromEntries(
    Object.entries(after).map(([name, value]) => [name, value - before[name as keyof Stats]]),
  ) as Record<keyof Stats, number>;
}

describe("an MLP 784-256-128-10, batch 128, cross-entropy, SGD with momentum, in a naive loop", () => {
  let model: MLP;
  let optimizer: optim.SGD;
  const criterion = new nn.CrossEntropyLoss();

  async function step(batch = 128): Promise<number> {
    const x = tensor(pixels.subarray(0, batch * 784)).reshape([batch, 784]);
    const y = tensor(digits.subarray(0, batch));
    optimizer.zeroGrad();
    const loss = criterion.forward(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss.item();
  }

  beforeAll(async () => {
    model = new MLP();
    optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    for (let i = 0; i < 8; i++) await step();
    await device.collectGarbage(); // by itself it comes sooner or later, as time allows
    for (let i = 0; i < 4; i++) await step();
  });

  test("takes 11 dispatches and one submit, and creates nothing", async () => {
    const before = device.stats();
    for (let i = 0; i < 20; i++) await step();
    const cost = difference(before, device.stats());
    expect(cost).toMatchObject({
      dispatches: 11 * 20,
      submits: 20,
      readbacks: 20,
      uploads: 40,
      copies: 0,
      buffersCreated: 0,
      bindGroupsCreated: 0,
      shaderModulesCreated: 0,
      pipelinesCreated: 0,
    });
  });

  test("compiles nothing for batch 96, a short batch, another learning rate and eval mode", async () => {
    const before = device.stats();
    await step(96);
    optimizer.paramGroups[0]!.lr = 0.003;
    await step(96);
    await step(32);
    await step(33);
    model.eval();
    noGrad(() => model.forward(tensor(pixels).reshape([128, 784])));
    await step(7);
    await step(1);
    model.train();
    const { shaderModulesCreated, pipelinesCreated } = difference(before, device.stats());
    expect({ shaderModulesCreated, pipelinesCreated }).toEqual({ shaderModulesCreated: 0, pipelinesCreated: 0 });
  });

  test("goes on for 300 steps in the same memory", async () => {
    for (let i = 0; i < 100; i++) await step(16);
    const before = device.stats();
    for (let i = 0; i < 300; i++) await step(16);
    const after = device.stats();
    expect(after.bytesLive + after.bytesPooled).toBeLessThanOrEqual(1.1 * (before.bytesLive + before.bytesPooled));
  });
});

describe("pointwise fusion", () => {
  async function dispatchesOf(body: () => Tensor): Promise<number> {
    const before = device.stats().dispatches;
    await body().data();
    return device.stats().dispatches - before;
  }

  test("a chain of ten pointwise operations is one dispatch", async () => {
    const x = tensor(pixels);
    expect(await dispatchesOf(() => x.mul(2).add(1).relu().exp().neg().sigmoid().sub(3).square().abs().sqrt())).toBe(1);
  });

  test("((a - b) ** 2).mean() is one or two", async () => {
    const [a, b] = [tensor(pixels), tensor(pixels)];
    expect(await dispatchesOf(() => a.sub(b).pow(2).mean())).toBeLessThanOrEqual(2);
    expect(
      await dispatchesOf(() =>
        a
          .narrow(0, 0, 1000)
          .sub(b.narrow(0, 0, 1000))
          .pow(2)
          .mean(),
      ),
    ).toBe(1);
  });

  test("200 chained additions are four", async () => {
    let x = tensor(pixels.subarray(0, 1024)).reshape([32, 32]);
    const y = tensor(pixels.subarray(1024, 2048)).reshape([32, 32]);
    const dispatches = await dispatchesOf(() => {
      for (let i = 0; i < 200; i++) x = x.add(y);
      return x;
    });
    expect(dispatches).toBe(4);
  });

  test("matmul takes bias and activation along", async () => {
    const [x, w, b] = [
      tensor(pixels).reshape([128, 784]),
      tensor(pixels).reshape([784, 128]),
      tensor(pixels.subarray(0, 128)),
    ];
    expect(await dispatchesOf(() => x.matmul(w).add(b).relu().mul(2))).toBe(1);
  });

  test("constants cost nothing", async () => {
    const x = tensor([1, 2, 3]);
    expect(await dispatchesOf(() => x.mul(3).add(x.mul(0)).div(2))).toBe(1);
  });

  test("values computed once are not computed again", async () => {
    const x = tensor(pixels);
    const y = x.exp().contiguous();
    await y.data();
    expect(await dispatchesOf(() => y.add(1))).toBe(1);
  });
});
