// Every variant of a convolution that the adapter can run, whichever it would choose.

import { expect, test } from "vitest";
import { autograd, cat, F, randint, type Tensor } from "../../src/index.js";
import { testVariant } from "../../src/kernels/variants/self-test.js";
import { allFamilies, canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";

test("all variants compute the checked problems exactly", async () => {
  const device = await openDevice();
  const family = allFamilies().find(({ name }) => name === "conv2d")!;
  const runnable = family.variants.filter((variant) => canRun(variant, device));
  for (const variant of runnable) expect.soft(await testVariant(device, family, variant), variant.name).toBe(true);
  expect(runnable.map(({ name }) => name)).toContain("registers");
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
