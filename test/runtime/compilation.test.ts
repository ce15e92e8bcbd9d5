// Kernels are compiled beside the program: what is launched meanwhile waits in its order, and the next await waits for it.

import { beforeEach, describe, expect, test } from "vitest";
import { type Device, F, init, nn, ones, optim, randn, stack, type Tensor, tensor } from "../../src/index.js";
import type { Kernel } from "../../src/runtime/kernel.js";
import { openDevice } from "../device.js";

let device: Device;
beforeEach(async () => {
  (await openDevice()).destroy(); // the next one has no kernel compiled yet
  device = await init({ immediates: process.env["TAPEGRAD_IMMEDIATES"] !== "0" });
});

function kernelOf(code: string, name = "a test's kernel"): Kernel {
  return device.kernel(code, () => ({
    name,
    variant: "",
    buffers: [{ name: "y", access: "write", type: "array<f32>" }],
    params: [{ name: "k", type: "f32" }],
    code: `@compute @workgroup_size(1) fn main() { ${code} }`,
  }));
}

test("the kernels of a training step are compiled at the same time", async () => {
  let [open, most] = [0, 0];
  const create = device.gpu.createComputePipelineAsync.bind(device.gpu);
  device.gpu.createComputePipelineAsync = (descriptor) => {
    most = Math.max(most, ++open);
    return create(descriptor).finally(() => open--);
  };
  const model = new nn.Sequential(new nn.Linear(8, 4), new nn.ReLU(), new nn.Linear(4, 3));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const x = randn([5, 8]);
  const labels = tensor([0, 1, 2, 0, 1], { dtype: "int32" });
  const step = (): Promise<number> => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x), labels);
    loss.backward();
    optimizer.step();
    return loss.item();
  };
  await step();
  const { pipelinesCreated } = device.stats();
  expect(most).toBe(pipelinesCreated);

  for (let i = 0; i < 3; i++) await step();
  const warm = device.stats();
  for (let i = 0; i < 10; i++) await step();
  const { pipelinesCreated: after, compileMilliseconds } = device.stats();
  expect({ pipelinesCreated: after, compileMilliseconds }).toEqual({
    pipelinesCreated: warm.pipelinesCreated,
    compileMilliseconds: warm.compileMilliseconds,
  });
});

test("what waits for a kernel keeps its order, with uploads and copies in between", async () => {
  const results: Tensor[] = [];
  for (let i = 0; i < 30; i++) {
    const x = tensor([i, i]);
    const y = x.mul(2);
    y.array.realize();
    x.dispose(); // its memory is free for the next upload
    if (i % 10 === 0) results.push(y.sin().cos().add(i).matmul(y).add(1)); // kernels nobody has asked for yet
    const z = y.clone();
    y.add_(1);
    results.push(z.sum(), y.sum());
  }
  const [first, second] = [stack(results).data(), stack(results).data()];
  const expected: number[] = [];
  for (let i = 0; i < 30; i++) {
    if (i % 10 === 0) expected.push((Math.cos(Math.sin(2 * i)) + i) * 4 * i + 1);
    expected.push(4 * i, 4 * i + 2);
  }
  for (const data of [await first, await second])
    data.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 2));
});

test("a kernel's own parameters wait with it", async () => {
  const blocks = Array.from({ length: 20 }, () => ones([1]).clone());
  blocks.forEach((x, k) => device.launch(kernelOf("y[0] = p.k;"), [k], [x.array.block], 1));
  expect([...(await stack(blocks).data())]).toEqual(blocks.map((_, k) => k));
});

test("thousands of launches without an await do not pile up", async () => {
  const x = ones([1]).clone();
  for (let k = 0; k < 5000; k++) device.launch(kernelOf("y[0] += p.k;"), [1], [x.array.block], 1);
  expect(device.stats().submits).toBeGreaterThan(10);
  expect(await x.item()).toBe(5001);
});

test("a pause for the loop's sake is an await too", async () => {
  ones([3]).exp().array.realize();
  expect(device.stats().submits).toBe(0);
  await device.breathe();
  expect(device.stats().submits).toBe(1);
});

describe("a kernel that does not compile", () => {
  test("is named at the next await, with the line and in few words, as often as it is used", async () => {
    const y = ones([1]).clone();
    for (let i = 0; i < 2; i++) {
      device.launch(kernelOf(`let z = ${"(".repeat(10)}nonsense${")".repeat(10)};`, "a typo"), [0], [y.array.block], 1);
      const error = (await y.item().catch((reason: unknown) => reason)) as Error;
      expect(error.message).toMatch(/^a typo: does not compile: line \d+: .*nonsense/);
      expect(error.message.length).toBeLessThan(2100);
      expect(await ones([2]).add(1).sum().item()).toBe(4);
    }
  });

  test("stands in no other kernel's way", async () => {
    const y = ones([1]).clone();
    device.launch(kernelOf("y[0] = p.k;"), [3], [y.array.block], 1);
    device.launch(kernelOf("nonsense"), [0], [y.array.block], 1);
    device.launch(kernelOf("y[0] *= p.k;"), [2], [y.array.block], 1);
    await expect(y.item()).rejects.toThrow(/does not compile/);
    expect(await y.item()).toBe(6);
  });
});

test("a device that is lost while kernels are compiled is told of", async () => {
  const pending = ones([3]).clone().exp().sin().sum().item();
  device.destroy();
  await expect(pending).rejects.toThrow(/the GPU device was lost/);
});
