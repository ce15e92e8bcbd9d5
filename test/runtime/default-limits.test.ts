// An adapter may have no more than WebGPU's defaults: 8 storage buffers to a shader, workgroups of 256 with 16 KiB, 128
// MiB to a binding, and no optional features. All kernels have to do with that.

import { beforeAll, expect, test, vi } from "vitest";
import { platform } from "#platform";
import { type Device, F, nn, ones, optim, stack, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

/** Finds adapters that give what every adapter gives. */
function withDefaults(): { restore: () => void } {
  const find = platform.findAdapter.bind(platform);
  const spy = vi.spyOn(platform, "findAdapter").mockImplementation(async (name) => {
    const { adapter, ...found } = await find(name);
    const { info } = adapter;
    const least = { info, limits: {}, features: new Set(), requestDevice: () => adapter.requestDevice() };
    return { ...found, adapter: least as unknown as GPUAdapter };
  });
  return { restore: () => spy.mockRestore() };
}

class Net extends nn.Module {
  conv = new nn.Conv2d(2, 6, 3, { padding: 1 });
  norm = new nn.BatchNorm2d(6);
  pool = new nn.MaxPool2d(2);
  embedding = new nn.Embedding(5, 6);
  dropout = new nn.Dropout(0.2);
  linear = new nn.Linear(96, 70);
  forward(x: Tensor, tokens: Tensor): Tensor {
    x = this.pool.forward(this.norm.forward(this.conv.forward(x)).relu()); // [N, 6, 4, 4]
    x = x.add(this.embedding.forward(tokens).reshape([-1, 6, 1, 1])).tanh();
    return this.linear.forward(this.dropout.forward(x.flatten(1)));
  }
}

/** What three steps of training, and kernels that they do not need, give. */
async function compute(): Promise<ArrayLike<number>[]> {
  const net = new Net();
  const optimizer = new optim.AdamW(net.parameters(), { lr: 0.01, amsgrad: true });
  const losses: number[] = [];
  for (let step = 0; step < 3; step++) {
    optimizer.zeroGrad();
    const tokens = tensor(Int32Array.from({ length: 6 }, (_, i) => (i + step) % 5));
    const y = net.forward(numbers([6, 2, 8, 8], step), tokens);
    const loss = F.crossEntropy(y, tensor(Int32Array.from({ length: 6 }, (_, i) => i * 11)));
    loss.backward();
    optimizer.step();
    losses.push(await loss.item());
  }
  const x = numbers([130, 257], 9);
  const manyOperands = Array.from({ length: 40 }, (_, i) => numbers([7], i));
  const others = [
    x.matmul(x.T),
    x.sum(0),
    x.softmax(1),
    x.reshape([-1, 5]).logSoftmax(1),
    F.crossEntropy(x, tensor(Int32Array.from({ length: 130 }, (_, i) => i))),
    manyOperands.reduce((a, b) => a.mul(0.9).add(b)),
    stack(manyOperands).var(0),
    F.avgPool2d(x.reshape([1, 130, 257]), [3, 2], { padding: 1 }),
    ones([3, 2]).indexAdd(0, tensor([2, 2], { dtype: "int32" }), ones([2, 2])),
  ];
  return [losses, ...(await Promise.all(others.map((y) => y.data())))];
}

let device: Device;
let wanted: ArrayLike<number>[];
beforeAll(async () => {
  const everything = await openDevice();
  wanted = await compute();
  everything.destroy();
  const adapters = withDefaults();
  device = await openDevice();
  adapters.restore();
});

test("the device has the defaults", () => {
  expect(device.limits).toMatchObject({
    maxStorageBuffersPerShaderStage: 8,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupStorageSize: 16_384,
    maxStorageBufferBindingSize: 128 * 2 ** 20,
  });
  expect([...device.gpu.features]).not.toContain("shader-f16");
});

test("results are those of a device with everything", async () => {
  const got = await compute();
  expect(got.length).toBe(wanted.length);
  got.forEach((values, i) => expectClose(values, wanted[i]!, 1e-5, `result ${i}`));
});

test("a tensor of more than 128 MiB is refused by name", () => {
  const x = ones([2 ** 25 + 1]).clone();
  expect(() => x.array.realize()).toThrow(
    /allocate: a tensor of \d+\.\d MiB is over what this adapter can bind \(128.0 MiB\)/,
  );
});
