// float16: conversion on the host and on the GPU, sums in float32, and a clear error where the adapter has none.

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fromHalf, toHalf } from "../../src/core/half.js";
import {
  arange,
  cat,
  type Device,
  DTypeError,
  F,
  full,
  load,
  manualSeed,
  rand,
  randn,
  save,
  slice,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { onFloat16 } from "../on-float16.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

describe("on the host", () => {
  test("every half that is a number comes back", () => {
    for (let half = 0; half < 65536; half++) {
      const value = fromHalf(half);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(half);
    }
    expect(fromHalf(toHalf(Number.NaN))).toBeNaN();
  });

  test("the nearest half is taken, of two the even one", () => {
    for (let half = 0; half < 0x7bff; half++) {
      const [low, high] = [fromHalf(half), fromHalf(half + 1)];
      const middle = (low + high) / 2;
      expect(toHalf(middle)).toBe(half % 2 === 0 ? half : half + 1);
      expect(toHalf(low + (high - low) * 0.499)).toBe(half);
      expect(toHalf(low + (high - low) * 0.501)).toBe(half + 1);
    }
    expect([65519, 65520, -1e10, 2 ** -25, 2 ** -25 * 1.001].map(toHalf)).toEqual([0x7bff, 0x7c00, 0xfc00, 0, 1]);
  });
});

const values = [1, 2.5, -3, 70000, 65519, 65520, 1e-8, 6e-8, Number.NaN, Number.NEGATIVE_INFINITY, 0.1, 2 ** -14];
const rounded = values.map((value) => fromHalf(toHalf(value)));
const half = (shape: number[]): Tensor => randn(shape).to("float16");
const wide = (x: Tensor): Tensor => x.to("float32");
const data = async (x: Tensor): Promise<number[]> => [...(await x.data())];

test("an adapter without it is named in the error, at once", () => {
  if (device.gpu.features.has("shader-f16")) return expect(zeros([1], { dtype: "float16" }).dtype).toBe("float16");
  for (const make of [() => tensor([1], { dtype: "float16" }), () => zeros([1]).to("float16")]) {
    expect(make).toThrow(DTypeError);
    expect(make).toThrow(device.adapter.description);
  }
});

describe("conversion", () => {
  onFloat16("rounds as the host does, and is not undone by fusion", async () => {
    const x = tensor(values);
    expect(await data(tensor(values, { dtype: "float16" }))).toEqual(rounded);
    expect(await data(x.mul(1).to("float16"))).toEqual(rounded);
    expect(await data(wide(x.mul(1).to("float16")).mul(1))).toEqual(rounded);
  });

  onFloat16("of every half is exact both ways", async () => {
    const all = Float32Array.from({ length: 65536 }, (_, i) => fromHalf(i)).filter((value) => !Number.isNaN(value));
    expect(await data(wide(tensor(all, { dtype: "float16" })).add(0))).toEqual([...all].map((value) => value + 0));
  });

  onFloat16("of views with an odd start, of odd lengths", async () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7], { dtype: "float16" });
    expect(await data(x.add(0).index(slice(1, null)))).toEqual([2, 3, 4, 5, 6, 7]);
    expect(await data(x.index(slice(1, null, 2)).mul(2))).toEqual([4, 8, 12]);
    expect(await data(cat([x.narrow(0, 3, 1), x]))).toEqual([4, 1, 2, 3, 4, 5, 6, 7]);
  });

  onFloat16("to whole numbers and bools", async () => {
    const x = tensor([1.9, -1.9, 0, 300], { dtype: "float16" });
    expect(await data(x.to("int32"))).toEqual([1, -1, 0, 300]);
    expect(await data(x.to("bool"))).toEqual([1, 1, 0, 1]);
  });
});

describe("arithmetic", () => {
  onFloat16("rounds each result; overflow is infinity", async () => {
    const x = tensor([60000, 0.1, 1], { dtype: "float16" });
    const y = x.add(x);
    expect([y.dtype, ...(await data(y))]).toEqual([
      "float16",
      Infinity,
      ...[0.1, 1].map((v) => fromHalf(toHalf(2 * fromHalf(toHalf(v))))),
    ]);
  });

  onFloat16("promotion: with float32 wide, with numbers and whole numbers narrow", async () => {
    const x = tensor([1], { dtype: "float16" });
    expect([x.add(tensor([1])), x.add(1.5), x.mul(tensor([2], { dtype: "int32" }))].map(({ dtype }) => dtype)).toEqual([
      "float32",
      "float16",
      "float16",
    ]);
    expect(x.mul(tensor(2)).dtype).toBe("float16"); // a float32 without dimensions
  });

  onFloat16("sums and means do not stop at 2048 or 65504", async () => {
    const ones = full([70000], 1, { dtype: "float16" }).mul(1);
    expect(await ones.mean().item()).toBe(1);
    expect(await ones.sum().item()).toBe(Infinity); // as in PyTorch: 70000 is no half
    expect(await ones.narrow(0, 0, 40000).sum().item()).toBe(40000);
    expect(await ones.reshape([2, 35000]).sum(1).toArray()).toEqual([35008, 35008]);
    expect(await data(ones.narrow(0, 0, 9000).cumsum(0).narrow(0, 8990, 2))).toEqual([8992, 8992]);
  });

  const close: [string, (x: Tensor, y: Tensor, image: Tensor, weight: Tensor) => Tensor][] = [
    ["matmul", (x, y) => x.matmul(y)],
    ["softmax", (x) => x.softmax(1)],
    ["logSoftmax", (x) => x.logSoftmax(0)],
    ["sum of products", (x) => x.mul(x.sigmoid()).sum(0)],
    ["var", (x) => x.var(1)],
    ["amax", (x) => x.amax(1)],
    ["elementary functions", (x) => x.exp().mul(x.tanh()).add(x.sin()).sub(x.abs().add(1).log())],
    ["conv2d", (_, __, image, weight) => F.conv2d(image, weight, null, { padding: 1, stride: 2 })],
    ["maxPool2d", (_, __, image) => F.maxPool2d(image, 2)],
    ["avgPool2d", (_, __, image) => F.avgPool2d(image, 3)],
    ["indexing", (x) => x.indexSelect(0, tensor([3, 3, 0], { dtype: "int32" }))],
  ];
  for (const [name, fn] of close) {
    onFloat16(`${name}: forward and gradients are those of float32, rounded`, async () => {
      manualSeed(1);
      const inputs = [half([33, 31]), half([31, 17]), half([2, 3, 9, 7]), half([4, 3, 3, 3])];
      const run = async (dtype: "float16" | "float32"): Promise<number[][]> => {
        const xs = inputs.map((x) => x.to(dtype).detach().requiresGrad_());
        const y = fn(...(xs as [Tensor, Tensor, Tensor, Tensor]));
        expect(y.dtype).toBe(dtype);
        y.mul(0.25).sum().backward();
        const grads = xs.flatMap(({ grad }) => (grad === null ? [] : [grad]));
        expect(grads.every((grad) => grad.dtype === dtype)).toBe(true);
        return Promise.all([y, ...grads].map(data));
      };
      const [narrow, exact] = [await run("float16"), await run("float32")];
      exact.forEach((wanted, i) => expectClose(narrow[i]!, wanted, 1e-2));
    });
  }
});

onFloat16("random numbers, factories and files", async () => {
  expect((await data(rand([1000], { dtype: "float16" }))).every((value) => value >= 0 && value <= 1)).toBe(true);
  expect(await data(arange(5, { dtype: "float16" }))).toEqual([0, 1, 2, 3, 4]);
  const x = half([3, 5]);
  const file = join(mkdtempSync(join(tmpdir(), "tapegrad-")), "half.safetensors");
  await save({ x }, file);
  const loaded = await load<{ x: Tensor }>(file);
  expect(loaded.x.dtype).toBe("float16");
  expect(await data(loaded.x)).toEqual(await data(x));
});
