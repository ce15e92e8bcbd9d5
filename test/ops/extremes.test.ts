// Values at the ends of what a type holds, forward and backward.

import { beforeAll, describe, expect, test } from "vitest";
import { F, full, ones, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

describe("a function and its derivative where it has a pole or an end", () => {
  const table: Record<string, [f: (x: Tensor) => Tensor, x: number[], value: number[], slope: number[]]> = {
    sqrt: [(x) => x.sqrt(), [0, 4, -1, inf], [0, 2, nan, inf], [inf, 0.25, nan, 0]],
    rsqrt: [(x) => x.rsqrt(), [0, 4, -1, inf], [inf, 0.5, nan, 0], [-inf, -0.0625, nan, -0]],
    reciprocal: [(x) => x.reciprocal(), [0, 2, inf, -inf], [inf, 0.5, 0, -0], [-inf, -0.25, -0, -0]],
    log: [(x) => x.log(), [0, 1, -1, inf], [-inf, 0, nan, inf], [inf, 1, -1, 0]],
    log1p: [(x) => x.log1p(), [-1, 0, -2, inf], [-inf, 0, nan, inf], [inf, 1, -1, 0]],
    "1 / x": [(x) => ones([4]).div(x), [0, 2, inf, -inf], [inf, 0.5, 0, -0], [-inf, -0.25, -0, -0]],
  };

  test.each(Object.entries(table))("%s", async (_, [f, points, value, slope]) => {
    const x = tensor(points).requiresGrad_();
    const y = f(x);
    y.backward(ones([points.length]));
    expectClose(await y.data(), value, 1e-6);
    expectClose(await x.grad!.data(), slope, 1e-6, "dx");
  });

  test("sine and cosine of infinity are NaN", async () => {
    expect(await tensor([inf, -inf]).sin().toArray()).toEqual([nan, nan]);
    expect(await tensor([inf, -inf]).cos().toArray()).toEqual([nan, nan]);
  });
});

test("the logarithm of numbers below 2^-126, which adapters may flush to zero", async () => {
  // PyTorch 1.13: -92.1034, -103.2789, -87.3159
  expectClose(await tensor([1e-40, 1e-45, 1.2e-38]).log().data(), [-92.1034, -103.2789, -87.3159], 1e-6);
});

test("logits far apart have PyTorch's gradients", async () => {
  const logits = [
    [0, -inf, 1e4],
    [-1e4, 1e4, 0],
  ];
  const gradient = async (f: (x: Tensor) => Tensor): Promise<unknown> => {
    const x = tensor(logits).requiresGrad_();
    f(x).backward();
    return x.grad!.add(0).toArray(); // -0 becomes 0
  };
  expect(await gradient((x) => F.crossEntropy(x, ints(2, 1), { reduction: "sum" }))).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  expect(await gradient((x) => F.crossEntropy(x, ints(0, 2), { reduction: "sum" }))).toEqual([
    [-1, 0, 1],
    [0, 1, -1],
  ]);
  expect(await gradient((x) => x.logSoftmax(1).select(1, 0).sum())).toEqual([
    [1, 0, -1],
    [1, -1, 0],
  ]);
  expect(await gradient((x) => x.softmax(1).select(1, 2).sum())).toEqual([
    [0, 0, 0],
    [0, 0, 0],
  ]);
});

test("a mean over labels that are all ignored is NaN, as PyTorch's is", async () => {
  expect(await F.crossEntropy(ones([2, 3]), ints(-100, -100)).item()).toBeNaN();
});

describe("integers", () => {
  test("divided by zero stay, and leave nothing over", async () => {
    for (const zero of [ints(0, 0, 0), 0]) {
      expect(await ints(7, -7, 0).floorDivide(zero).toArray()).toEqual([7, -7, 0]);
      expect(await ints(7, -7, 0).remainder(zero).toArray()).toEqual([0, 0, 0]);
    }
  });

  test("wrap at 2^31", async () => {
    const least = -(2 ** 31);
    expect(await ints(least).floorDivide(ints(-1)).item()).toBe(least);
    expect(await ints(least).remainder(ints(-1)).item()).toBe(0);
    expect(
      await ints(2 ** 31 - 1, 1)
        .sum()
        .item(),
    ).toBe(least);
    expect(
      await ints(1)
        .add(2 ** 31 - 1)
        .item(),
    ).toBe(least);
  });
});

describe("floats become integers", () => {
  // 2147483520 is the largest below 2^31 that float32 holds; adapters may stop at either.
  test.each([
    [1.9, [1]],
    [-1.9, [-1]],
    [3e9, [2_147_483_520, 2_147_483_647]],
    [-3e9, [-2_147_483_648]],
    [inf, [2_147_483_520, 2_147_483_647]],
    [-inf, [-2_147_483_648]],
  ])("%f, in memory or a constant", async (value, wanted) => {
    expect(wanted).toContain(await tensor([value]).to("int32").item());
    expect(wanted).toContain(await full([1], value).to("int32").item());
  });

  test.each([
    [255.9, 255],
    [300, 44],
    [-1, 255],
  ])("%f becomes uint8 %i", async (value, wanted) => {
    expect(await tensor([value]).to("uint8").item()).toBe(wanted);
    expect(await full([1], value).to("uint8").item()).toBe(wanted);
  });
});

describe("numbers of every kind travel as constants", () => {
  test.each([-0.95, 3.4e38, -3.4e38, 1e39, 1e-30, nan, inf, -inf, 16_777_217, 0.1])("%f", async (number) => {
    const x = tensor([1, -2]);
    const exact = Math.fround(number);
    expectClose(await x.sub(number).data(), [1 - exact, -2 - exact].map(Math.fround), 1e-7);
    expectClose(await x.mul(number).data(), [exact, -2 * exact].map(Math.fround), 1e-7);
    expectClose(await full([3], number).data(), [exact, exact, exact], 0);
    expectClose(await full([3], number).clone().data(), [exact, exact, exact], 0);
  });
});
