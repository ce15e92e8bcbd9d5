// Layers without parameters, and losses, against numbers computed by hand.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, full, nn, OutOfRangeError, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

test("MSELoss reduces the squared distances 1, 0, 4 and 9", async () => {
  const [x, target] = [tensor([1, 2, 3, 4]), tensor([2, 2, 5, 1])];
  expect(await new nn.MSELoss().forward(x, target).item()).toBe(3.5); // 14 / 4
  expect(await new nn.MSELoss({ reduction: "sum" }).forward(x, target).item()).toBe(14);
  expect(await new nn.MSELoss({ reduction: "none" }).forward(x, target).toArray()).toEqual([1, 0, 4, 9]);
});

test("losses take sizeAverage and reduce instead of a reduction, as PyTorch's do", async () => {
  const reduction = (options: object): unknown => new nn.L1Loss(options).options.reduction;
  expect(reduction({ reduction: "none" })).toBe("none");
  expect(reduction({ reduction: "none", sizeAverage: true })).toBe("mean");
  expect(reduction({ sizeAverage: false })).toBe("sum");
  expect(reduction({ sizeAverage: false, reduce: true })).toBe("sum");
  expect(reduction({ sizeAverage: true, reduce: false })).toBe("none");
  const weighted = new nn.BCEWithLogitsLoss({ reduce: false, weight: ones([2]), posWeight: ones([2]) });
  expect(`${weighted}`).toBe("BCEWithLogitsLoss(reduction=none)");
  expect(await new nn.MSELoss({ sizeAverage: false }).forward(tensor([1, 2]), tensor([2, 4])).item()).toBe(5);
});

test("AvgPool2d takes the mean of each window", async () => {
  const x = tensor([
    [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ],
  ]); // [1, 2, 4]
  expect(await new nn.AvgPool2d(2).forward(x).toArray()).toEqual([[[3.5, 5.5]]]); // 14 / 4 and 22 / 4
  expect(await new nn.AvgPool2d([2, 3], { stride: 1 }).forward(x).toArray()).toEqual([[[4, 5]]]); // 24 / 6 and 30 / 6
  expect(await new nn.AvgPool2d(2, { padding: 1, countIncludePad: false }).forward(x).toArray()).toEqual([
    [
      [1, 2.5, 4],
      [5, 6.5, 8],
    ], // windows of one or two elements; the zeros around them do not count
  ]);
  expect(`${new nn.AvgPool2d([2, 3])}`).toBe("AvgPool2d(kernelSize=[2, 3])");
});

test("Sigmoid is 1 / (1 + exp(-x))", async () => {
  const y = await new nn.Sigmoid().forward(tensor([0, Math.log(3), -Math.log(3)])).data();
  expectClose(y, [1 / 2, 3 / 4, 1 / 4], 1e-6); // 1 / (1 + 1), 1 / (1 + 1/3), 1 / (1 + 3)
});

test("Tanh is (exp(2x) - 1) / (exp(2x) + 1)", async () => {
  const y = await new nn.Tanh().forward(tensor([0, Math.log(2), -Math.log(3)])).data();
  expectClose(y, [0, 3 / 5, -4 / 5], 1e-6); // (4 - 1) / (4 + 1), (1/9 - 1) / (1/9 + 1)
});

describe("an option that PyTorch has by position", () => {
  test("may stand there", () => {
    expect(`${new nn.MaxPool2d(3, 2)}`).toBe("MaxPool2d(kernelSize=3, stride=2)");
    expect(new nn.Dropout(0.2).p).toBe(0.2);
    expect(new nn.Dropout({ p: 0.2 }).p).toBe(0.2);
    expect(`${new nn.LeakyReLU(0.1)}`).toBe("LeakyReLU(negativeSlope=0.1)");
  });

  test("is refused where an options object must stand, rather than ignored", () => {
    const Conv2d = nn.Conv2d as unknown as new (...sizes: number[]) => nn.Module;
    expect(() => new Conv2d(1, 20, 5, 1)).toThrow("Conv2d: takes optional arguments in an object, such as");
  });
});

describe("inplace", () => {
  const layers = [new nn.ReLU({ inplace: true }), new nn.SiLU({ inplace: true }), new nn.ELU({ inplace: true })];

  test.each(layers)("%s changes its input, and keeps its derivative", async (layer) => {
    const gradient = async (own: { forward(x: Tensor): Tensor }): Promise<[Tensor, number[]]> => {
      const x = tensor([-1, 0.5, 2], { requiresGrad: true });
      const between = x.mul(1);
      const y = own.forward(between);
      y.mul(tensor([1, 2, 3]))
        .sum()
        .backward();
      expect(y === between).toBe(own === layer);
      return [y, [...(await x.grad!.data())]];
    };
    const plain = new (layer.constructor as new () => typeof layer)();
    const [[changed, dx], [wanted, dxWanted]] = [await gradient(layer), await gradient(plain)];
    expect([...(await changed.data())]).toEqual([...(await wanted.data())]);
    expectClose(dx, dxWanted, 1e-6);
  });

  test("of dropout changes x, too", async () => {
    const x = ones([64]);
    expect(new nn.Dropout({ p: 0.5, inplace: true }).forward(x)).toBe(x);
    expect(new Set(await x.data())).toEqual(new Set([0, 2]));
  });
});

test("Dropout2d and Dropout1d zero whole channels, in training only", async () => {
  const x = ones([8, 16, 2, 3]);
  const layer = new nn.Dropout2d({ p: 0.25 });
  const sums = [...(await layer.forward(x).sum([2, 3]).data())];
  expect(new Set(sums)).toEqual(new Set([0, 8])); // 6 / (1 - 0.25)
  expect(layer.eval().forward(x)).toBe(x);
  const single = [
    ...(await new nn.Dropout1d(0.5)
      .forward(ones([16, 4]))
      .sum(1)
      .data()),
  ]; // [C, L]
  expect(new Set(single)).toEqual(new Set([0, 8]));
  expect(() => new nn.Dropout(1.5)).toThrow("Dropout: p must be from 0 to 1, got 1.5");
});

test("RMSNorm divides by the root of the mean square", async () => {
  const layer = new nn.RMSNorm(2, { eps: 0.5 });
  layer.weight = new nn.Parameter(tensor([2, 3]));
  const x = tensor([[1, 2]], { requiresGrad: true }); // mean square 2.5, sqrt(2.5 + 0.5)
  expectClose(await layer.forward(x).data(), [2 / Math.sqrt(3), 6 / Math.sqrt(3)], 1e-6);
  expectClose(await new nn.RMSNorm([2], { elementwiseAffine: false }).forward(x).data(), [0.632455, 1.264911], 1e-5);
  expect(await autograd.gradcheck((y) => layer.forward(y), [x])).toBe(true);
});

test("RReLU draws slopes in training and takes their mean otherwise", async () => {
  const layer = new nn.RReLU({ lower: 0.2, upper: 0.4 });
  const slopes = [
    ...(await layer
      .forward(full([200], -1))
      .neg()
      .data()),
  ];
  expect(Math.min(...slopes)).toBeGreaterThanOrEqual(0.2);
  expect(Math.max(...slopes)).toBeLessThan(0.4);
  expect(new Set(slopes).size).toBeGreaterThan(100);
  expectClose(
    await layer
      .eval()
      .forward(tensor([-1, 2]))
      .data(),
    [-0.3, 2],
    1e-6,
  );
});

test("ConvTranspose2d makes the size that is wanted, or says which it can make", () => {
  const layer = new nn.ConvTranspose2d(1, 1, 3, { stride: 2, padding: 1 });
  expect(layer.forward(ones([1, 1, 4, 4]), [8, 7]).shape).toEqual([1, 1, 8, 7]);
  const small = () => layer.forward(ones([1, 1, 4, 4]), { outputSize: [9, 7] });
  expect(small).toThrow("outputSize must be from [7, 7] to [8, 8], got [9, 7]");
});

test("Embedding.fromPretrained takes a table, frozen unless it is told otherwise", async () => {
  const table = tensor([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a table
  const layer = nn.Embedding.fromPretrained(table, { paddingIdx: 0 });
  expect(layer.weight.requiresGrad).toBe(false);
  expect(await layer.forward(tensor([2, 0], { dtype: "int32" })).toArray()).toEqual([[5, 6], [1, 2]]); // biome-ignore format: a table
  expect(nn.EmbeddingBag.fromPretrained(table, { freeze: false }).weight.requiresGrad).toBe(true);
  expect(() => nn.Embedding.fromPretrained(ones([3]))).toThrow("the table must be [numEmbeddings, embeddingDim]");
});

test("the loss of a target that AdaptiveLogSoftmaxWithLoss does not know is an error", async () => {
  const layer = new nn.AdaptiveLogSoftmaxWithLoss(4, 6, [2, 4]);
  const probabilities = layer
    .logProb(ones([1, 4]))
    .exp()
    .sum();
  expect(await probabilities.item()).toBeCloseTo(1, 5);
  const wrong = (): Promise<unknown> => layer.forward(ones([1, 4]), tensor([6], { dtype: "int32" }))[1].item();
  await expect((async () => wrong())()).rejects.toThrow(OutOfRangeError);
});
