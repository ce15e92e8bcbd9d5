// Every variant of a convolution that the adapter can run, whichever it would choose.

import { expect, test } from "vitest";
import { autograd, cat, F, randint, type Tensor } from "../../src/index.js";
import { conv2d, conv2dInputGradient } from "../../src/kernels/conv2d.js";
import { imposing } from "../../src/kernels/variants/choice.js";
import { testVariant } from "../../src/kernels/variants/self-test.js";
import { allFamilies, canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";
import { onFloat16 } from "../on-float16.js";

test("all variants compute the checked problems exactly", async () => {
  const device = await openDevice();
  const family = allFamilies().find(({ name }) => name === "conv2d")!;
  const runnable = family.variants.filter((variant) => canRun(variant, device));
  for (const variant of runnable) expect.soft(await testVariant(device, family, variant), variant.name).toBe(true);
  expect(runnable.map(({ name }) => name)).toContain("registers");
});

onFloat16("float16 is read, padded and packed as it is: no kernel binds anything wider", async () => {
  const device = await openDevice();
  const bound = new Set<string>();
  const create = device.gpu.createShaderModule.bind(device.gpu);
  device.gpu.createShaderModule = (descriptor) => {
    const aliases = new Map(
      [...descriptor.code.matchAll(/alias (\w+) = ([^;]+);/g)].map(([, name, type]) => [name, type]),
    );
    for (const [, type] of descriptor.code.matchAll(/var<storage[^>]*> \w+: array<([^;]+)>;/g)) {
      bound.add(aliases.get(type) ?? type!);
    }
    return create(descriptor);
  };
  const small = (...shape: number[]): Tensor => randint(-3, 4, shape, { dtype: "float32" });
  const [x, w, dy] = [small(2, 3, 9, 7), small(6, 3, 3, 3), small(2, 6, 5, 4)];
  const attributes = { stride: [2, 2], padding: [1, 1], dilation: [1, 1], groups: 1 } as const;
  const results = async (dtype: "float16" | "float32"): Promise<number[][]> => {
    const [xs, ws, dys] = [x.to(dtype), w.to(dtype), dy.to(dtype)];
    for (const { array } of [xs, ws, dys]) array.realize();
    bound.clear();
    const y = [
      conv2d(xs.array, ws.array, attributes, [5, 4]),
      conv2dInputGradient(dys.array, ws.array, attributes, [9, 7]),
    ];
    for (const array of y) array.realize();
    const size = (shape: readonly number[]): number => shape.reduce((a, b) => a * b);
    const read = y.map(({ block, startByte, shape }) => device.read(block, startByte, size(shape), dtype));
    return (await Promise.all(read)).map((values) => [...values]);
  };
  const wanted = await results("float32");
  const { variants } = allFamilies().find(({ name }) => name === "conv2d")!;
  for (const variant of variants.filter((candidate) => canRun(candidate, device))) {
    const got = imposing(device, "conv2d", variant, () => results("float16")); // launches before it waits
    expect(await got, variant.name).toEqual(wanted);
    expect(bound.size, variant.name).toBeGreaterThan(0);
    expect(
      [...bound].filter((type) => !type.includes("f16")),
      variant.name,
    ).toEqual([]);
  }
});

test("channels by themselves give what each gives alone, with all gradients", async () => {
  await openDevice();
  const small = (...shape: number[]): Tensor => randint(-3, 4, shape, { dtype: "float32" }); // sums are exact
  const sizes = [
    { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] },
    { kernel: [2, 5], stride: [1, 2], padding: [0, 2], dilation: [1, 2] },
    { kernel: [3, 2], stride: [2, 1], padding: [1, 0], dilation: [1, 1] },
  ] as const;
  for (const { kernel, ...options } of sizes) {
    const [x, w] = [small(2, 3, 11, 9).requiresGrad_(), small(3, 1, ...kernel).requiresGrad_()];
    const y = F.conv2d(x, w, null, { ...options, groups: 3 });
    const alone = [0, 1, 2].map((c) => {
      const twice = cat([w.narrow(0, c, 1), w.narrow(0, c, 1)]); // two output channels: another kernel
      return F.conv2d(x.narrow(1, c, 1), twice, null, options).narrow(1, 0, 1);
    });
    const expected = cat(alone, { dim: 1 });
    const dy = small(...y.shape);
    const got = [y, ...autograd.grad([y.mul(dy).sum()], [x, w])];
    const wanted = [expected, ...autograd.grad([expected.mul(dy).sum()], [x, w])];
    for (const [i, tensor] of got.entries()) expect(await tensor.data()).toEqual(await wanted[i]!.data());
  }
});
