// NaN, infinity, extreme magnitudes and empty tensors.

import { beforeAll, describe, expect, test } from "vitest";
import { cat, F, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("NaN in, NaN out", () => {
  const unary: Record<string, (x: Tensor) => Tensor> = {
    neg: (x) => x.neg(),
    abs: (x) => x.abs(),
    exp: (x) => x.exp(),
    expm1: (x) => x.expm1(),
    log: (x) => x.log(),
    log1p: (x) => x.log1p(),
    sqrt: (x) => x.sqrt(),
    rsqrt: (x) => x.rsqrt(),
    reciprocal: (x) => x.reciprocal(),
    square: (x) => x.square(),
    sin: (x) => x.sin(),
    cos: (x) => x.cos(),
    erf: (x) => x.erf(),
    floor: (x) => x.floor(),
    ceil: (x) => x.ceil(),
    trunc: (x) => x.trunc(),
    round: (x) => x.round(),
    relu: (x) => x.relu(),
    sigmoid: (x) => x.sigmoid(),
    tanh: (x) => x.tanh(),
    clamp: (x) => x.clamp(-1, 1),
    pow2: (x) => x.pow(2),
    powHalf: (x) => x.pow(0.5),
    maximum: (x) => x.maximum(0),
    minimum: (x) => x.minimum(0),
    remainder: (x) => x.remainder(2),
    softmax: (x) => x.softmax(0),
    logSoftmax: (x) => x.logSoftmax(0),
    sum: (x) => x.sum(0, { keepdim: true }),
    mean: (x) => x.mean(0, { keepdim: true }),
    amax: (x) => x.amax(0, { keepdim: true }),
    amin: (x) => x.amin(0, { keepdim: true }),
    var: (x) => x.var(0, { keepdim: true }),
    matmul: (x) =>
      x
        .reshape([1, 4])
        .matmul(ones([4, 1]))
        .reshape([1]),
    maxPool2d: (x) => F.maxPool2d(x.reshape([1, 2, 2]), 2).reshape([1]),
    avgPool2d: (x) => F.avgPool2d(x.reshape([1, 2, 2]), 2).reshape([1]),
    crossEntropy: (x) => F.crossEntropy(x, tensor(0, { dtype: "int32" })).reshape([1]),
  };

  test.each(Object.entries(unary))("%s", async (_, f) => {
    const y = await f(tensor([nan, 1, 2, 3])).data();
    expect(y[0]).toBeNaN();
  });

  test("maximum and minimum take it from either side", async () => {
    const [x, y] = [tensor([nan, 1, nan]), tensor([1, nan, nan])];
    expect([...(await x.maximum(y).data()), ...(await x.minimum(y).data())]).toEqual(new Array(6).fill(nan));
  });

  test("relu, maxima and argmax of the list that peers get wrong", async () => {
    const x = tensor([1, nan, 2]);
    expect(await x.isnan().toArray()).toEqual([0, 1, 0]);
    expect(await zeros([3]).where(x.isnan(), x).toArray()).toEqual([1, 0, 2]);
    expect(await x.amax().item()).toBeNaN();
    expect(await x.argmax().item()).toBe(1);
    expect(await x.argmin().item()).toBe(1);
    expect(await x.relu().toArray()).toEqual([1, nan, 2]);
  });
});

describe("extreme values have C's results", () => {
  // PyTorch 1.13: the function and its derivative at each point.
  const points = [0, 1e-8, -1e-8, 1e-4, -1e-4, 10, -10, 88, -88, 89, -89, 100, -100, 1e4, -1e4, inf, -inf];
  const table: Record<string, [(x: Tensor) => Tensor, (x: number) => number, (x: number) => number]> = {
    sigmoid: [
      (x) => x.sigmoid(),
      (x) => 1 / (1 + Math.exp(-x)),
      (x) => (Math.abs(x) > 80 ? 0 : Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2),
    ],
    tanh: [(x) => x.tanh(), Math.tanh, (x) => 1 - Math.tanh(x) ** 2],
    relu: [(x) => x.relu(), (x) => Math.max(x, 0), (x) => (x > 0 ? 1 : 0)],
    exp: [(x) => x.exp(), (x) => Math.fround(Math.exp(x)), (x) => Math.fround(Math.exp(x))],
    expm1: [(x) => x.expm1(), (x) => Math.fround(Math.expm1(x)), (x) => Math.fround(Math.exp(x))],
    square: [(x) => x.square(), (x) => Math.fround(x * x), (x) => 2 * x],
    erf: [
      (x) => x.erf(),
      (x) => (Math.abs(x) < 1 ? (2 * x) / Math.sqrt(Math.PI) : Math.sign(x)),
      (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
    ],
  };

  test.each(Object.entries(table))("%s", async (_, [f, value, slope]) => {
    const x = tensor(points).requiresGrad_();
    const y = f(x);
    y.backward(ones([points.length]));
    const exact = points.map(Math.fround);
    expectClose(await y.data(), exact.map(value), 1e-6);
    expectClose(await x.grad!.data(), exact.map(slope), 1e-6, "dx");
  });

  test("small numbers keep their digits", async () => {
    const x = [1e-8, 1e-6, -1e-6, 1e-4, 0.3, -0.3];
    const relative = async (f: (x: Tensor) => Tensor, g: (x: number) => number): Promise<void> => {
      const got = await f(tensor(x)).data();
      x.forEach((v, i) => expect(Math.abs(got[i]! / g(Math.fround(v)) - 1)).toBeLessThan(3e-7));
    };
    await relative((t) => t.tanh(), Math.tanh);
    await relative((t) => t.log1p(), Math.log1p);
    await relative((t) => t.expm1(), Math.expm1);
    await relative((t) => t.sin(), Math.sin);
  });

  test("sine and cosine to absolute 1e-6 up to 30,000", async () => {
    const x = Float32Array.from({ length: 400 }, (_, i) => (i - 200) * 151.3);
    expectClose(await tensor(x).sin().data(), Array.from(x, Math.sin), 1e-6);
    expectClose(await tensor(x).cos().data(), Array.from(x, Math.cos), 1e-6);
  });

  test("log at and below zero", async () => {
    expect(await tensor([0, -1, inf, 1]).log().toArray()).toEqual([-inf, nan, inf, 0]);
  });

  test("pow as C has it", async () => {
    const cases: [number, number][] = [
      [0, 0],
      [0, 2],
      [0, -1],
      [-2, 3],
      [-2, 2],
      [-2, 0.5],
      [2, -2],
      [1, nan],
      [nan, 0],
      [inf, 2],
      [inf, -1],
      [-inf, 3],
      [0, 0.5],
      [4, 0.5],
      [2, 10],
      [-1, inf],
    ];
    const wanted = cases.map(([x, y]) => (x === 1 || (Math.abs(x) === 1 && !Number.isFinite(y)) ? 1 : x ** y));
    const y = tensor(cases.map(([x]) => x)).pow(tensor(cases.map(([, e]) => e)));
    expectClose(await y.data(), wanted, 1e-6);
  });

  test("the derivative of x^2 at 0 is 0, of x^0 is 0, and of 2^y at y = -1e4 is 0", async () => {
    const x = tensor([0, 3]).requiresGrad_();
    x.pow(2).sum().backward();
    expect(await x.grad!.toArray()).toEqual([0, 6]);
    const z = tensor([0, 3]).requiresGrad_();
    z.pow(0).sum().backward();
    expect(await z.grad!.toArray()).toEqual([0, 0]);
    const e = tensor([-1e4]).requiresGrad_();
    tensor([2]).pow(e).sum().backward();
    expect(await e.grad!.toArray()).toEqual([0]);
  });

  test("softmax and cross-entropy survive infinite logits as PyTorch's do", async () => {
    expect(
      await tensor([
        [0, -inf],
        [1e4, -1e4],
      ])
        .softmax(1)
        .toArray(),
    ).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(
      await tensor([[-inf, -inf]])
        .softmax(1)
        .toArray(),
    ).toEqual([[nan, nan]]);
    const label = tensor([0], { dtype: "int32" });
    expect(await F.crossEntropy(tensor([[0, -inf]]), label).item()).toBe(0);
    expect(await F.crossEntropy(tensor([[-1e4, 1e4]]), label).item()).toBe(20_000);
  });

  test("ties: maxima share the gradient, max along a dimension gives it to the first", async () => {
    const x = tensor([1, 2, 2]).requiresGrad_();
    x.amax().backward();
    expect(await x.grad!.toArray()).toEqual([0, 0.5, 0.5]);
    const z = tensor([1, 2, 2]).requiresGrad_();
    z.max(0).values.backward();
    expect(await z.grad!.toArray()).toEqual([0, 1, 0]);
  });

  test("integers divide and take remainders like Python", async () => {
    const [a, b] = [tensor([7, -7, 7, -7], { dtype: "int32" }), tensor([2, 2, -2, -2], { dtype: "int32" })];
    expect(await a.floorDivide(b).toArray()).toEqual([3, -4, -4, 3]);
    expect(await a.remainder(b).toArray()).toEqual([1, 1, -1, -1]);
    expect(await a.div(b).toArray()).toEqual([3.5, -3.5, -3.5, 3.5]);
  });

  test("uint8 wraps at 256", async () => {
    const x = tensor(Uint8Array.of(250, 5, 255));
    expect(await x.add(tensor(Uint8Array.of(10, 10, 1))).toArray()).toEqual([4, 15, 0]);
    expect(await x.neg().toArray()).toEqual([6, 251, 1]);
  });
});

describe("empty tensors", () => {
  test("pass through every kind of op", async () => {
    const x = zeros([0, 3]);
    expect((await x.add(1).exp().data()).length).toBe(0);
    expect(await x.sum().item()).toBe(0);
    expect(await x.sum(0).toArray()).toEqual([0, 0, 0]);
    expect((await x.sum(1).data()).length).toBe(0);
    expect(await x.mean().item()).toBeNaN();
    expect(x.matmul(zeros([3, 2])).shape).toEqual([0, 2]);
    expect(
      await zeros([2, 0])
        .matmul(zeros([0, 2]))
        .toArray(),
    ).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(x.softmax(1).shape).toEqual([0, 3]);
    expect(await cat([x, ones([1, 3])]).toArray()).toEqual([[1, 1, 1]]);
    expect(x.T.reshape([-1]).shape).toEqual([0]);
    expect((await x.data()).length).toBe(0);
    expect(await x.toArray()).toEqual([]);
  });

  test("have gradients", async () => {
    const x = zeros([0, 3]).clone().requiresGrad_();
    x.mul(2).sum().backward();
    expect(x.grad!.shape).toEqual([0, 3]);
    const w = ones([3, 2], { requiresGrad: true });
    x.detach().matmul(w).sum().backward();
    expect(await w.grad!.toArray()).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  test("are refused where nothing can be chosen", () => {
    expect(() => zeros([0]).amax()).toThrow("amax: shape [0]: there is nothing to choose from");
    expect(() => zeros([0, 2]).argmax(0)).toThrow("argmax");
  });
});

test("softmax of a number is 1, its logarithm 0", async () => {
  expect(await tensor(3).softmax(0).item()).toBe(1);
  expect(await tensor(-7).logSoftmax(-1).item()).toBe(0);
});
