// Convolution, pooling and resampling where PyTorch's samples do not reach: relations that hold whatever the sizes,
// derivatives, and what bad input is told.

import { beforeAll, describe, expect, test } from "vitest";
import {
  arange,
  autograd,
  DTypeError,
  F,
  OutOfRangeError,
  ones,
  randn,
  ShapeError,
  stack,
  TapegradError,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { type Refusals, testRefusals } from "../refusals.js";

beforeAll(openDevice);

async function expectSame(a: Tensor, b: Tensor, tolerance = 1e-4): Promise<void> {
  expect(a.shape).toEqual(b.shape);
  expectClose(await a.data(), await b.data(), tolerance);
}

describe("convolution", () => {
  test("in three dimensions is the sum of plane convolutions over the depth of the kernel", async () => {
    const [x, w] = [randn([2, 4, 5, 6, 7]), randn([6, 2, 3, 2, 3])];
    const options = { groups: 2, padding: [1, 0], stride: [2, 1] } as const;
    const y = F.conv3d(x, w, { groups: 2, padding: [0, 1, 0], stride: [1, 2, 1] });
    const depths = [0, 1, 2].map((d) => {
      const taps = [0, 1, 2].map((k) => F.conv2d(x.select(2, d + k), w.select(2, k), options));
      return taps[0]!.add(taps[1]!).add(taps[2]!);
    });
    await expectSame(y, stack(depths, 2));
  });

  test.each([1, 2, 3])("in %i dimensions is the adjoint of the transposed one", async (count) => {
    const size = [7, 6, 5].slice(0, count);
    const options = { stride: 2, padding: 1, dilation: 2, groups: 2 };
    const [x, w] = [randn([2, 4, ...size]), randn([6, 2, ...size.map(() => 2)])];
    const convolve = [F.conv1d, F.conv2d, F.conv3d][count - 1]!;
    const transpose = [F.convTranspose1d, F.convTranspose2d, F.convTranspose3d][count - 1]!;
    const y = convolve(x, w, options);
    const dy = randn(y.shape);
    const outputPadding = size.map((n) => (n + 2 - 2 - 1) % 2);
    const dx = transpose(dy, w, { ...options, outputPadding });
    expect(dx.shape).toEqual(x.shape);
    const [left, right] = [await y.mul(dy).sum().item(), await x.mul(dx).sum().item()];
    expect(Math.abs(left - right)).toBeLessThan(1e-4 * Math.max(1, Math.abs(left)) * 10);
  });

  test('padding "same" puts the odd one of an even kernel at the end', async () => {
    const y = F.conv1d(tensor([1, 2, 3]).reshape([1, 3]), ones([1, 1, 2]), { padding: "same" });
    expect([...(await y.data())]).toEqual([3, 5, 3]); // 1 + 2, 2 + 3, 3 + 0
  });

  test("of int32 is exact where float32 is not", async () => {
    const x = tensor(new Int32Array([2 ** 24 + 1, 2 ** 24 + 3])).reshape([1, 1, 1, 2]);
    const y = F.conv2d(x, ones([1, 1, 1, 2], { dtype: "int32" }));
    expect([...(await y.data())]).toEqual([2 ** 25 + 4]);
  });

  test("folding what was unfolded counts the windows over each element", async () => {
    const x = randn([2, 3, 7, 6]);
    const options = { stride: [2, 1], padding: 1, dilation: [1, 2] } as const;
    const back = (y: Tensor): Tensor => F.fold(F.unfold(y, [3, 2], options), [7, 6], [3, 2], options);
    await expectSame(back(x), x.mul(back(ones([2, 3, 7, 6]))));
  });
});

describe("pooling", () => {
  test("of rows longer than 65535", async () => {
    const x = arange(70_000, { dtype: "float32" }).reshape([1, 70_000]);
    const [values, indices] = F.maxPool1d(x, 35_000, { returnIndices: true });
    expect([...(await values.data())]).toEqual([34_999, 69_999]);
    expect([...(await indices.data())]).toEqual([34_999, 69_999]);
    expectClose(await F.avgPool1d(x, 35_000).data(), [17_499.5, 52_499.5], 5e-5);
  });

  test("of a volume finds the first of equal elements", async () => {
    const [values, indices] = F.maxPool3d(ones([1, 3, 4, 5]), [3, 2, 2], { stride: 2, returnIndices: true });
    expect([...(await values.data())]).toEqual([1, 1, 1, 1]);
    expect([...(await indices.data())]).toEqual([0, 2, 10, 12]);
  });

  test("takes a stride by position, as in PyTorch", async () => {
    expect(F.maxPool2d(zeros([1, 6, 6]), 3, 1).shape).toEqual([1, 4, 4]);
    expect(F.avgPool2d(zeros([1, 6, 6]), 2, 4).shape).toEqual([1, 2, 2]);
  });

  test("to one element is the mean, and adaptive windows cover everything", async () => {
    const x = randn([2, 3, 7, 5]);
    await expectSame(F.adaptiveAvgPool2d(x, 1), x.mean([2, 3], { keepdim: true }), 1e-5);
    await expectSame(F.adaptiveAvgPool2d(x, [7, null]), x, 0);
  });
});

describe("the derivative meets central differences, first and second order:", () => {
  const spread = (shape: readonly number[]): Tensor => {
    // Distances large enough that no step of the differences changes which element is the largest.
    const count = shape.reduce((n, size) => n * size, 1);
    return tensor(Float32Array.from({ length: count }, (_, i) => ((i * 7) % count) * 0.2 - 1)).reshape(shape);
  };
  const some = (...shape: number[]): Tensor => randn(shape);
  const grid = (): Tensor => tensor([-0.83, -0.41, 0.37, -0.79, 0.11, 0.53, 0.61, 0.23]).reshape([1, 2, 2, 2]);
  const functions: Record<string, [autograd.Checked, () => Tensor[]]> = {
    conv3d: [
      (x, w) => F.conv3d(x!, w!, { padding: [1, 0, 0], groups: 2 }),
      () => [some(2, 2, 2, 2), some(2, 1, 2, 2, 1)],
    ],
    "convTranspose2d with an output padding beyond the stride": [
      (x, w) => F.convTranspose2d(x!, w!, { stride: [1, 2], dilation: 3, padding: 1, outputPadding: [2, 1] }),
      () => [some(1, 2, 2, 2), some(2, 1, 2, 2)],
    ],
    convTranspose3d: [
      (x, w) => F.convTranspose3d(x!, w!, { stride: 2, padding: [1, 0, 0] }),
      () => [some(1, 2, 1, 2), some(1, 1, 2, 1, 2)],
    ],
    maxPool3d: [(x) => F.maxPool3d(x!, 2, { stride: 1 }), () => [spread([1, 2, 3, 3])]],
    "maxPool2d with indices": [
      (x) => F.maxPool2d(x!, 2, { stride: 1, returnIndices: true })[0],
      () => [spread([1, 3, 4])],
    ],
    avgPool3d: [(x) => F.avgPool3d(x!, 2, { padding: 1, stride: 1, divisorOverride: -3 }), () => [some(1, 2, 2, 2)]],
    adaptiveMaxPool2d: [(x) => F.adaptiveMaxPool2d(x!, 2), () => [spread([1, 3, 5])]],
    "interpolate bicubic": [(x) => F.interpolate(x!, { size: [3, 5], mode: "bicubic" }), () => [some(1, 1, 4, 3)]],
    "gridSample bicubic": [
      (x, g) => F.gridSample(x!, g!, { mode: "bicubic", paddingMode: "reflection", alignCorners: true }),
      () => [some(1, 1, 3, 3), grid()],
    ],
    "gridSample at the border": [
      (x, g) => F.gridSample(x!, g!.mul(1.3), { paddingMode: "border" }),
      () => [some(1, 1, 3, 3), grid()],
    ],
    unfold: [(x) => F.unfold(x!, 2, { padding: 1, stride: 2 }), () => [some(1, 3, 3)]],
    fold: [(x) => F.fold(x!, 3, 2), () => [some(4, 4)]],
    "pad with a negative number": [(x) => F.pad(x!, [-1, 2, 1, -1], { value: 2 }), () => [some(3, 3)]],
    normalize: [(x) => F.normalize(x!, { p: 3 }), () => [some(2, 3)]],
  };

  test.each(Object.entries(functions))("%s", async (_, [run, inputs]) => {
    const leaves = inputs().map((x) => x.detach().clone().requiresGrad_());
    expect(await autograd.gradcheck(run, leaves)).toBe(true);
    expect(await autograd.gradgradcheck(run, leaves)).toBe(true);
  });
});

test.each([
  [
    [0, 1, 3, 3],
    [0, 2, 2, 2],
    [0, 1, 2, 2],
  ],
  [
    [2, 0, 3, 3],
    [2, 2, 2, 2],
    [2, 0, 2, 2],
  ],
  [
    [2, 1, 3, 3],
    [2, 0, 2, 2],
    [2, 1, 0, 2],
  ],
  [
    [0, 1, 2, 3, 3],
    [0, 2, 2, 2, 3],
    [0, 1, 2, 2, 2],
  ],
])("gridSample of %j at %j is %j", async (x, grid, shape) => {
  const leaves = [zeros(x, { requiresGrad: true }), zeros(grid, { requiresGrad: true })] as const;
  const y = F.gridSample(...leaves);
  expect([y.shape, (await y.data()).length]).toEqual([shape, 0]);
  y.sum().backward();
  for (const leaf of leaves) expect(leaf.grad!.shape).toEqual(leaf.shape);
  if (x.length === 4) expect(F.gridSample(...leaves, { mode: "bicubic" }).shape).toEqual(shape);
});

const image = (): Tensor => ones([1, 5, 5]);
const tables: Record<string, Refusals> = {
  "convolution refuses": [
    [
      () => F.conv1d(image(), ones([2, 5])),
      ShapeError,
      "conv1d: shapes [1, 5, 5] and [2, 5] do not fit: x must be [N, C, L] or [C, L], the weight [O, C / groups, K]",
    ],
    [
      () => F.convTranspose2d(image(), ones([2, 1, 3, 3])),
      ShapeError,
      "convTranspose2d: shapes [1, 5, 5] and [2, 1, 3, 3] do not fit: x has 1 channels, the weight takes 2",
    ],
    [
      () => F.convTranspose2d(image(), ones([1, 1, 3, 3]), { outputPadding: 1 }),
      ShapeError,
      "convTranspose2d: shapes [1, 5, 5] and [1, 1, 3, 3] do not fit: the output padding 1 must be smaller than the stride 1 or the dilation 1",
    ],
    [
      () => F.conv2d(ones([1, 5, 5], { dtype: "uint8" }), ones([1, 1, 3, 3], { dtype: "uint8" })),
      DTypeError,
      'conv2d: x is uint8, and must be float32 or float16: use to("float32")',
    ],
  ],
  "pooling refuses": [
    [
      () => F.avgPool2d(image(), 2, { divisorOverride: 0 }),
      OutOfRangeError,
      "avgPool2d: divisorOverride must not be 0",
    ],
    [
      () => F.maxPool3d(image(), 2),
      ShapeError,
      "maxPool3d: shape [1, 5, 5]: x must be [N, C, D, H, W] or [C, D, H, W]",
    ],
    [
      () => F.maxUnpool2d(image(), ones([1, 5, 5], { dtype: "int32" }), 2, { outputSize: [7, 10] }),
      ShapeError,
      "maxUnpool2d: shape [1, 5, 5]: outputSize must be less than a stride away from 10, 10, got 7, 10",
    ],
  ],
  "resampling refuses": [
    [() => F.interpolate(ones([1, 1, 2])), TapegradError, "interpolate: takes either size or scaleFactor"],
    [
      () => F.interpolate(ones([1, 1, 2]), { size: 3, mode: "bilinear" }),
      ShapeError,
      'interpolate: shape [1, 1, 2]: mode "bilinear" is for 4 dimensions, [N, C, ...]',
    ],
    [
      () => F.pad(ones([3]), [3, 0], "reflect"),
      ShapeError,
      "pad: shape [3]: dimension 0 is too small to reflect 3 and 0 elements of it",
    ],
    [
      () => F.gridSample(ones([1, 1, 2, 2]), ones([1, 2, 2, 3])),
      ShapeError,
      "gridSample: shapes [1, 1, 2, 2] and [1, 2, 2, 3] do not fit: must be [N, C, H, W] and [N, OH, OW, 2], or [N, C, D, H, W] and [N, OD, OH, OW, 3]",
    ],
  ],
  "normalization refuses": [
    [
      () => F.layerNorm(ones([2, 3]), [2]),
      ShapeError,
      "layerNorm: shape [2, 3]: x does not end in the normalized shape [2]",
    ],
    [() => F.groupNorm(ones([2, 3]), 2), ShapeError, "groupNorm: shape [2, 3]: 3 channels do not divide into 2 groups"],
  ],
};

for (const [name, table] of Object.entries(tables)) describe(name, () => testRefusals(table));
