// Kernels have forms for GPUs that software adapters do not choose. Here a software adapter is taken for a GPU, so that
// these forms meet the same results.

import { beforeAll, expect, test } from "vitest";
import { autograd, type Device, F, rand, randint, randn, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

async function asGpu(run: () => Tensor): Promise<number[]> {
  const { adapter } = device;
  const { isSoftware } = adapter;
  Object.assign(adapter, { isSoftware: false });
  try {
    return (await run().flatten().toArray()) as number[];
  } finally {
    Object.assign(adapter, { isSoftware });
  }
}

async function expectSame(run: () => Tensor, tolerance = 1e-5): Promise<void> {
  const own = (await run().flatten().toArray()) as number[];
  const other = await asGpu(run);
  expect(other.length).toBe(own.length);
  other.forEach((value, i) => {
    const difference = Math.abs(value - own[i]!);
    expect(difference, `element ${i}: ${value} and ${own[i]}`).toBeLessThan(tolerance * (1 + Math.abs(own[i]!)));
  });
}

test.each([
  [[3, 257], [1]],
  [[70, 64], [1]],
  [[5, 4096], [1]],
  [[40, 50], [0]],
  [[30000], [0]],
])("sums and maxima of %j over %j", async (shape, dims) => {
  const x = randn(shape as number[]);
  await expectSame(() => x.sum(dims as number[]));
  await expectSame(() => x.square().mean(dims as number[]));
  await expectSame(() => x.amax(dims as number[]));
});

test.each([
  [[3, 257], 1],
  [[70, 64], 1],
  [[40, 50, 2], 1],
])("softmax of %j along %i, and its gradient", async (shape, dim) => {
  const x = randn(shape as number[], { requiresGrad: true });
  const dy = randn(shape as number[]);
  const gradient = (y: Tensor): Tensor => autograd.grad(y, [x], { gradOutputs: [dy] })[0]!;
  await expectSame(() => x.softmax(dim as number));
  await expectSame(() => gradient(x.softmax(dim as number)));
  await expectSame(() => gradient(x.logSoftmax(dim as number)));
});

test.each([
  [[40, 257], []],
  [[200, 256], []],
  [[9, 40, 30], [30]],
])("cross-entropy of %j, and its gradient", async (shape, inner) => {
  const [N, C] = shape as [number, number];
  const x = randn(shape as number[], { requiresGrad: true });
  const labels = randint(0, C, [N, ...(inner as number[])]);
  for (const options of [{}, { weight: rand([C]), labelSmoothing: 0.1 }]) {
    const run = (): Tensor => F.crossEntropy(x, labels, { ...options, reduction: "none" });
    await expectSame(run);
    await expectSame(() => autograd.grad(run(), [x], { gradOutputs: [labels.add(1).to("float32")] })[0]!);
  }
});

test.each([
  [[3, 257], 1],
  [[70, 64], 1],
  [[40, 6, 5], 3],
  [[40, 6, 8], 3],
])("normalization of %j in %i groups, and its gradients", async (shape, groups) => {
  const [, C] = shape as [number, number];
  const [x, weight, bias] = [shape as number[], [C], [C]].map((size) => randn(size, { requiresGrad: true })) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const dy = randn(shape as number[]);
  const run = (): Tensor =>
    groups === 1 ? F.layerNorm(x, [C], weight, bias) : F.groupNorm(x, groups as number, weight, bias);
  await expectSame(run);
  for (const operand of [x, weight, bias]) {
    await expectSame(() => autograd.grad(run(), [operand], { gradOutputs: [dy] })[0]!, 2e-5);
  }
});
