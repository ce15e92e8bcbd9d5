// What goes wrong on the GPU is told once, by name, at the next await, to whoever is concerned; others go on.

import { beforeEach, describe, expect, test } from "vitest";
import { type Device, DeviceError, F, nn, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeEach(async () => {
  device = await openDevice();
});

async function expectToGoOn(): Promise<void> {
  expect(await ones([2]).add(1).sum().item()).toBe(4);
}

describe("an index out of range", () => {
  const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
  const cases: Record<string, [index: Tensor | (() => Tensor), use: (index: Tensor) => Tensor, message: RegExp]> = {
    indexSelect: [() => ints(0, 3), (i) => ones([3, 2]).indexSelect(0, i), /indexSelect.* 3 .*valid are 0 to 2/],
    "indexSelect, negative": [
      () => ints(-1),
      (i) => ones([3]).indexSelect(0, i),
      /indexSelect.* -1 .*valid are 0 to 2/,
    ],
    gather: [() => ints(0, 5), (i) => ones([2, 3]).gather(1, i.unsqueeze(0)), /gather.* 5 .*valid are 0 to 2/],
    embedding: [() => ints(7), (i) => F.embedding(i, ones([3, 2])), /embedding.* 7 .*valid are 0 to 2/],
    indexAdd: [() => ints(3, 0), (i) => zeros([3]).indexAdd(0, i, ones([2])), /indexAdd.* 3 .*valid are 0 to 2/],
    "indexAdd, negative": [() => ints(-1), (i) => zeros([3]).indexAdd(0, i, ones([1])), /indexAdd.* -1 .*valid/],
    scatterAdd: [() => ints(4), (i) => zeros([3]).scatterAdd(0, i, ones([1])), /scatterAdd.* 4 .*valid are 0 to 2/],
    index: [() => ints(-4), (i) => ones([3]).index(i), /index.* -4 /],
    crossEntropy: [() => ints(0, -1), (i) => F.crossEntropy(zeros([2, 3]), i), /crossEntropy.* -1 .*valid are 0 to 2/],
  };

  test.each(Object.entries(cases))(
    "%s: at once if the host knows it, else at the next await",
    async (_, [make, use, message]) => {
      const index = (make as () => Tensor)();
      expect(() => use(index)).toThrow(message);
      await expect(use(index.add(0)).data()).rejects.toThrow(message);
      await expectToGoOn();
    },
  );

  test("outside the view that is used is not looked at", async () => {
    const index = ints(0, 99, 2);
    expect(
      await ones([3, 2])
        .indexSelect(0, index.narrow(0, 0, 1))
        .toArray(),
    ).toEqual([[1, 1]]);
    expect(
      await zeros([3])
        .indexAdd(0, index.narrow(0, 2, 1), ones([1]))
        .toArray(),
    ).toEqual([0, 0, 1]);
  });
});

test("a validation error is thrown at the next await, once", async () => {
  device.gpu.createBuffer({ size: 4, usage: 0 });
  const failed = ones([1]).add(1).item();
  await expect(failed).rejects.toThrow(DeviceError);
  await expectToGoOn();
});

test("a kernel that does not compile is called by its name, with the line", async () => {
  const kernel = device.kernel("broken", () => ({
    name: "a kernel with a typo",
    variant: "",
    buffers: [{ name: "y", access: "write", type: "array<f32>" }],
    params: [],
    code: "@compute @workgroup_size(1) fn main() { y[0] = nonsense; }",
  }));
  const y = ones([1]).clone();
  device.launch(kernel, [], [y.array.block], 1);
  await expect(y.item()).rejects.toThrow(/a kernel with a typo: does not compile: line 2: .*nonsense/);
  await expectToGoOn();
});

describe("what is too large", () => {
  test("is refused, and stands in nobody's way while it is held", async () => {
    const before = device.stats().dispatches;
    const huge = ones([2 ** 16, 1])
      .clone()
      .matmul(ones([1, 2 ** 16]).clone()); // 16 GiB
    await expectToGoOn();
    await expect(huge.data()).rejects.toThrow(/MiB is over what this adapter can bind/);
    await expectToGoOn();
    expect(device.stats().dispatches).toBeGreaterThan(before);
    expect(huge.isDisposed).toBe(false);
  });

  test("for the kernels' 32-bit counters too, where it takes no memory", async () => {
    const sum = tensor([1])
      .expand([2 ** 17, 2 ** 17])
      .sum();
    await expect(sum.item()).rejects.toThrow("counts to 4294967296; kernels count in 32 bits, to 4294967295");
    expect(() =>
      tensor([1])
        .expand([2 ** 17, 2 ** 16])
        .argmax(),
    ).toThrow("argmax: shape [131072, 65536]: int32 cannot count");
    await expectToGoOn();
  });
});

describe("a device that is lost", () => {
  const lost = /the GPU device was lost .*call await init\(\) again and load a checkpoint/;

  test("rejects what is awaited", async () => {
    const pending = [ones([3]).clone().sum().item(), ones([3]).data(), device.synchronize()];
    device.destroy();
    for (const result of await Promise.allSettled(pending)) {
      expect(result).toMatchObject({ status: "rejected", reason: { message: expect.stringMatching(lost) } });
    }
  });

  test("is named when its tensors meet those of the next one, which goes on", async () => {
    const [x, layer] = [ones([3, 3]).clone(), new nn.Linear(3, 3)];
    await x.data();
    device.destroy();
    await openDevice();
    const y = ones([3, 3]).clone();
    for (const meet of [() => y.add(x), () => x.add(1), () => y.matmul(x), () => y.add_(x), () => layer.forward(y)])
      expect(meet).toThrow(lost);
    await expectToGoOn();
  });
});
