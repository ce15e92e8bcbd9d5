// Every variant of a convolution that the adapter can run, whichever it would choose.

import { expect, test } from "vitest";
import { autograd, cat, F, manualSeed, randint, type Tensor, tensor } from "../../src/index.js";
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
  (await openDevice()).destroy(); // which may have the kernels already
  const device = await openDevice();
  const bound = new Set<string>();
  const create = device.gpu.createShaderModule.bind(device.gpu);
  device.gpu.createShaderModule = (descriptor) => {
    const aliases = new Map(
      [...descriptor.code.matchAll(/alias (\w+) = ([^;]+);/g)].map(([, name, type]) => [name, type]),
    );
    for (const [, type] of descriptor.code.matchAll(/var<storage[^>]*> \w+: array<([^;]+)>;/g)) {
      bound.add(type!.replace(/\w+/g, (name) => aliases.get(name) ?? name));
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

/** Sizes of x and of the kernel, channels of a group; the rest as options. */
const strided = [
  { x: [7, 8], kernel: [3, 3], channels: [5, 4], stride: [2, 2], padding: [1, 1], outputPadding: [0, 1] },
  { x: [5, 6], kernel: [1, 1], channels: [3, 4], stride: [2, 2], padding: [0, 0], outputPadding: [1, 0] }, // phases without taps
  { x: [3, 5], kernel: [4, 2], channels: [2, 1], stride: [3, 2], padding: [2, 0], outputPadding: [2, 1], groups: 3 },
  {
    x: [4, 3],
    kernel: [3, 5],
    channels: [2, 2],
    stride: [3, 4],
    padding: [0, 3],
    dilation: [2, 2],
    outputPadding: [0, 1],
  },
  {
    x: [2, 9],
    kernel: [2, 7],
    channels: [1, 1],
    stride: [3, 2],
    padding: [1, 3],
    dilation: [3, 1],
    outputPadding: [2, 0],
    groups: 2,
  },
] as const;

test("transposed convolutions with strides add each element's multiple of the kernel, in every variant", async () => {
  const device = await openDevice();
  const family = allFamilies().find(({ name }) => name === "conv2d")!;
  for (const variant of family.variants.filter((variant) => canRun(variant, device))) {
    for (const { x: size, kernel, channels, ...options } of strided) {
      const { stride, padding, outputPadding } = options;
      const [groups, dilation] = [
        "groups" in options ? options.groups : 1,
        "dilation" in options ? options.dilation : [1, 1],
      ];
      const [C, O] = channels;
      const [x, w] = [whole([2, groups * C, ...size], 5), whole([groups * C, O, ...kernel], 7)];
      const [H, W] = [0, 1].map((d) => {
        return (size[d]! - 1) * stride[d]! - 2 * padding[d]! + dilation[d]! * (kernel[d]! - 1) + outputPadding[d]! + 1;
      }) as [number, number];
      const expected = new Float32Array(2 * groups * O * H * W);
      for (let i = 0; i < x.data.length; i++) {
        const [iw, ih] = [i % size[1], Math.floor(i / size[1]) % size[0]];
        const plane = Math.floor(i / (size[0] * size[1]));
        const [c, n] = [plane % (groups * C), Math.floor(plane / (groups * C))];
        for (let t = 0; t < O * kernel[0] * kernel[1]; t++) {
          const [kw, kh] = [t % kernel[1], Math.floor(t / kernel[1]) % kernel[0]];
          const o = Math.floor(c / C) * O + Math.floor(t / (kernel[0] * kernel[1]));
          const [oh, ow] = [
            ih * stride[0] + kh * dilation[0] - padding[0],
            iw * stride[1] + kw * dilation[1] - padding[1],
          ];
          if (oh < 0 || ow < 0 || oh >= H || ow >= W) continue;
          expected[((n * groups * O + o) * H + oh) * W + ow]! +=
            x.data[i]! * w.data[c * O * kernel[0] * kernel[1] + t]!;
        }
      }
      const got = imposing(device, family.name, variant, () => {
        const y = F.convTranspose2d(x.tensor, w.tensor, null, { stride, padding, outputPadding, dilation, groups });
        return y.add(1).contiguous(); // the epilogue reaches what no element adds to
      });
      expect(await got.data(), `${variant.name}, kernel ${kernel}`).toEqual(expected.map((sum) => sum + 1));
    }
  }
});

test("the gradient of a strided convolution is one dispatch, and takes no memory but its own", async () => {
  const device = await openDevice();
  const [x, w] = [
    randint(-3, 4, [1, 8, 32, 32], { dtype: "float32" }),
    randint(-3, 4, [8, 8, 3, 3], { dtype: "float32" }),
  ];
  const y = F.conv2d(x.requiresGrad_(), w, null, { stride: 2, padding: 1 });
  const dy = y.detach().contiguous();
  await dy.data();
  const before = device.stats();
  const [dx] = autograd.grad([y], [x], { gradOutputs: [dy] });
  await dx!.data();
  const after = device.stats();
  expect(after.dispatches - before.dispatches).toBe(1);
  expect(after.bytesLive - before.bytesLive).toBe(4 * x.numel());
});

/** Small whole numbers, whose sums are exact. */
function whole(shape: readonly number[], period: number): { tensor: Tensor; data: Float32Array } {
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => ((i * i) % period) - 2);
  return { tensor: tensor(data).reshape(shape), data };
}

onFloat16("channel by channel, float16 is what float32 rounds to", async () => {
  await openDevice();
  for (const stride of [1, 2]) {
    const gradients = async (dtype: "float16" | "float32"): Promise<unknown[]> => {
      const [x, w] = [randomHalves([2, 5, 9, 11]), randomHalves([5, 1, 3, 3])].map((t) => t.to(dtype).requiresGrad_());
      const y = F.conv2d(x!, w!, undefined, { stride, padding: 1, groups: 5 });
      const dy = y.detach().gt(0).to(dtype);
      const [dx, dw] = autograd.grad(y.mul(dy).sum(), [x!, w!]);
      return Promise.all([y, dx!, dw!].map((t) => t.to("float16").toArray()));
    };
    manualSeed(stride);
    const wanted = await gradients("float32");
    manualSeed(stride);
    expect(await gradients("float16")).toEqual(wanted);
  }
});

/** Quarters from -1 to 1, whose sums float16 holds. */
function randomHalves(shape: number[]): Tensor {
  return randint(-4, 5, shape).float().div(4);
}
