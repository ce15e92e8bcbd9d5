// Checkpointing: the same numbers with less memory.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, currentDevice, F, manualSeed, nn, randn, scope, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (shape: number[]): Tensor => randn(shape, { requiresGrad: true });

/** Values of the loss and of all gradients, with and without checkpoints around the block. */
async function gradients(isCheckpointed: boolean, block: (x: Tensor) => Tensor, leaves: Tensor[]): Promise<number[][]> {
  manualSeed(3);
  const [x] = leaves as [Tensor];
  const y = isCheckpointed ? autograd.checkpoint(block, x) : block(x);
  const loss = y.square().sum();
  for (const one of leaves) one.grad = null;
  loss.backward();
  return Promise.all([loss, ...leaves.map(({ grad }) => grad!)].map(async (one) => [...(await one.data())]));
}

describe("the same gradients, bit for bit", () => {
  test("of inputs and of what the function finds elsewhere", async () => {
    const [x, w] = [leaf([5, 4]), leaf([4, 3])];
    const block = (h: Tensor): Tensor =>
      h
        .matmul(w)
        .tanh()
        .mul(h.sum(1, { keepdim: true }))
        .exp();
    expect(await gradients(true, block, [x, w])).toEqual(await gradients(false, block, [x, w]));
  });

  test("with dropout: the random numbers are those of the first time, and later ones are untouched", async () => {
    const x = leaf([64]);
    const block = (h: Tensor): Tensor =>
      F.dropout(h, { p: 0.5 })
        .tanh()
        .mul(F.dropout(h, { p: 0.3 }));
    const plain = await gradients(false, block, [x]);
    const after = await randn([3]).data();
    expect(await gradients(true, block, [x])).toEqual(plain);
    expect(await randn([3]).data()).toEqual(after);
  });

  test("through modules, of their parameters alone", async () => {
    const layer = new nn.Linear(4, 4);
    const x = randn([3, 4]);
    const run = async (isCheckpointed: boolean): Promise<unknown> => {
      layer.zeroGrad();
      const forward = (h: Tensor): Tensor => layer.forward(h).relu();
      const y = isCheckpointed ? autograd.checkpoint(forward, x) : forward(x);
      y.square().sum().backward();
      return layer.weight.grad!.toArray();
    };
    expect(await run(true)).toEqual(await run(false));
  });

  test("in a checkpoint inside a checkpoint", async () => {
    const x = leaf([7]);
    const inner = (h: Tensor): Tensor => h.sin().mul(h);
    const nested = (h: Tensor): Tensor => autograd.checkpoint(inner, h.exp()).tanh().add(h);
    const plain = (h: Tensor): Tensor => inner(h.exp()).tanh().add(h);
    expect(await gradients(true, nested, [x])).toEqual(await gradients(false, plain, [x]));
  });
});

test("derivatives of any order, of several outputs", async () => {
  const fn = (a: Tensor, b: Tensor): Tensor[] => autograd.checkpoint((p, q) => [p.mul(q).exp(), p.sin().mul(q)], a, b);
  const inputs = [tensor([0.3, -0.5]), tensor([0.7, 0.2])].map((x) => x.requiresGrad_());
  expect(await autograd.gradcheck(fn, inputs)).toBe(true);
  expect(await autograd.gradgradcheck(fn, inputs)).toBe(true);
});

test("a tape can be played back twice with retainGraph", async () => {
  const x = tensor([2], { requiresGrad: true });
  const y = autograd.checkpoint((h) => h.exp().mul(h), x);
  y.backward({ retainGraph: true });
  const once = await x.grad!.item();
  y.backward();
  expect(await x.grad!.item()).toBe(2 * once);
});

describe("memory", () => {
  test("between forward and backward only inputs and outputs of the blocks are live", async () => {
    const live = async (isCheckpointed: boolean): Promise<number> => {
      const x = leaf([64, 256]);
      const block = (h: Tensor): Tensor => {
        let y = h;
        for (let i = 0; i < 8; i++) y = y.matmul(x.detach().mT).softmax(1).matmul(x.detach());
        return y;
      };
      const device = currentDevice();
      await device.collectGarbage();
      const before = device.stats().bytesLive;
      const y = isCheckpointed ? autograd.checkpoint(block, x) : block(x);
      await y.data();
      await device.collectGarbage(); // handles of intermediate results; the tape still holds what it saved
      const after = device.stats().bytesLive;
      y.sum().backward();
      return after - before;
    };
    const bytes = 64 * 256 * 4; // of x, which is drawn when it is first needed, and of y
    expect(await live(true)).toBeLessThanOrEqual(2 * bytes);
    expect(await live(false)).toBeGreaterThan(5 * bytes);
  });

  test("everything is given back after backward", async () => {
    const x = leaf([1024]);
    const step = (): void => {
      using _ = scope();
      autograd
        .checkpoint((h) => h.exp().mul(h), x)
        .sum()
        .backward();
      x.grad = null;
    };
    for (let i = 0; i < 3; i++) step(); // by its third use x is in memory
    await currentDevice().collectGarbage();
    const before = currentDevice().stats().bytesLive;
    for (let i = 0; i < 5; i++) step();
    await currentDevice().collectGarbage();
    expect(currentDevice().stats().bytesLive).toBe(before);
  });
});

describe("refuses", () => {
  test("an input that was changed in place since", () => {
    const x = tensor([1, 2], { requiresGrad: true }).mul(1);
    const y = autograd.checkpoint((h) => h.exp(), x);
    x.mul_(2);
    expect(() => y.sum().backward()).toThrow(/checkpoint: input 0 was changed in place since/);
  });

  test("a function that does something else the second time", () => {
    let calls = 0;
    const y = autograd.checkpoint(
      (h) => (calls++ === 0 ? h.exp() : h.square().exp()),
      tensor([1], { requiresGrad: true }),
    );
    expect(() => y.backward()).toThrow(/checkpoint: the function computed something else the second time/);
  });

  test("an asynchronous function", () => {
    const x = tensor([1], { requiresGrad: true });
    // @ts-expect-error: TypeScript refuses it too
    expect(() => autograd.checkpoint(async (h: Tensor) => h.exp(), x)).toThrow(/asynchronous/);
  });
});
