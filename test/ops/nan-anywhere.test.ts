// One NaN is enough, wherever it is: a maximum, a loss or a gradient that drops it hides that training diverged.

import { beforeAll, describe, expect, test } from "vitest";
import { F, full, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

// Lengths take each way through the kernels: one lane per row, vectors of four, a workgroup, several segments.
const lengths = [5, 33, 300, 5000];
const places = (n: number): number[] => [0, 1, n >> 1, n - 1];

/** n numbers with NaN at one place, along either dimension, once and side by side. */
function layouts(n: number, place: number): readonly (readonly [x: Tensor, dim: number])[] {
  const x = tensor(Float32Array.from({ length: n }, (_, i) => (i === place ? nan : Math.sin(i))));
  const [row, column] = [x.reshape([1, n]), x.reshape([n, 1])];
  return [
    [row, 1],
    [column, 0],
    [row.expand([3, n]).contiguous(), 1],
    [column.expand([n, 3]).contiguous(), 0],
  ];
}

describe.each(lengths)("among %i numbers", (n) => {
  const toNaN: Record<string, (x: Tensor, dim: number) => Tensor> = {
    sum: (x, dim) => x.sum(dim),
    mean: (x, dim) => x.mean(dim),
    var: (x, dim) => x.var(dim),
    amax: (x, dim) => x.amax(dim),
    amin: (x, dim) => x.amin(dim),
    max: (x, dim) => x.max(dim).values,
    softmax: (x, dim) => x.softmax(dim),
    logSoftmax: (x, dim) => x.logSoftmax(dim),
  };

  test.each(Object.entries(toNaN))("%s is NaN", async (_, f) => {
    for (const place of places(n)) {
      for (const [x, dim] of layouts(n, place)) expect([...(await f(x, dim).data())].every(Number.isNaN)).toBe(true);
    }
  });

  test("argmax, argmin and the index of max are its place", async () => {
    for (const place of places(n)) {
      for (const [x, dim] of layouts(n, place)) {
        for (const found of [x.argmax(dim), x.argmin(dim), x.max(dim).indices])
          expect(new Set(await found.data())).toEqual(new Set([place]));
      }
    }
  });

  // 200 rows of 300 do not fit into the kernel with a single workgroup.
  test.each([1, 200])("cross-entropy of %i rows is NaN, whatever the label", async (rows) => {
    for (const place of places(n)) {
      const [[x]] = layouts(n, place) as [[Tensor, number]];
      const labels = tensor(new Int32Array(rows).fill((place + 1) % n));
      expect(await F.crossEntropy(x.expand([rows, n]).contiguous(), labels).item()).toBeNaN();
    }
  });
});

test("in a window of max pooling", async () => {
  for (let place = 0; place < 9; place++) {
    const x = tensor(Array.from({ length: 9 }, (_, i) => (i === place ? nan : i)));
    expect(await F.maxPool2d(x.reshape([1, 3, 3]), 3).item()).toBeNaN();
  }
});

test("under dropout, kept or dropped", async () => {
  expect(
    await F.dropout(full([64], nan).clone())
      .isnan()
      .sum()
      .item(),
  ).toBe(64);
});

test("in a batch that is normalized", async () => {
  const y = F.batchNorm(tensor([1, nan, 3, 4]).reshape([4, 1]), null, null, { training: true });
  expect([...(await y.data())]).toEqual([nan, nan, nan, nan]);
});

test("that the GPU itself has made is recognized", async () => {
  const [a, b] = [tensor([0, inf, 1, inf]), tensor([0, inf, 1, 1])];
  expect(await a.div(b).isnan().toArray()).toEqual([1, 1, 0, 0]);
  expect(await a.sub(b).isnan().toArray()).toEqual([0, 1, 0, 0]);
  expect(await a.mul(0).isnan().toArray()).toEqual([0, 1, 0, 1]);
});

describe("in a gradient", () => {
  test("that arrives goes on where the function has a slope", async () => {
    const x = tensor([-1, 0, 1, nan]).requiresGrad_();
    x.relu().backward(full([4], nan));
    expect(await x.grad!.toArray()).toEqual([0, 0, nan, nan]);
  });

  test("at NaN, relu passes what arrives, as PyTorch's does", async () => {
    const x = tensor([-1, 0, 1, nan]).requiresGrad_();
    x.relu().backward(ones([4]));
    expect(await x.grad!.toArray()).toEqual([0, 0, 1, 1]);
  });

  const functions: Record<string, (x: Tensor) => Tensor> = {
    sigmoid: (x) => x.sigmoid(),
    tanh: (x) => x.tanh(),
    exp: (x) => x.exp(),
    log: (x) => x.log(),
    sqrt: (x) => x.sqrt(),
    square: (x) => x.square(),
    erf: (x) => x.erf(),
    amax: (x) => x.amax(),
    softmax: (x) => x.softmax(0),
  };

  test.each(Object.entries(functions))("at NaN, that of %s is NaN", async (_, f) => {
    const x = tensor([nan, 1]).requiresGrad_();
    f(x).sum().backward();
    expect((await x.grad!.data())[0]).toBeNaN();
  });
});
