// Arguments at the edge of what an op takes: PyTorch 1.13's results, and refusals where it refuses.

import { beforeAll, describe, expect, test } from "vitest";
import { DTypeError, F, OutOfRangeError, ShapeError, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const { POSITIVE_INFINITY: inf, NaN: nan } = Number;
const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const bytes = (...values: number[]): Tensor => tensor(values, { dtype: "uint8" });

async function expectIs(y: Tensor, dtype: string, wanted: unknown): Promise<void> {
  expect([y.dtype, await y.toArray()]).toEqual([dtype, wanted]);
}

describe("pow of integers", () => {
  test("is exact", async () => {
    await expectIs(ints(7, -3, 0, 2).pow(9), "int32", [40353607, -19683, 0, 512]);
    await expectIs(bytes(3, 15).pow(2), "uint8", [9, 225]);
  });

  test("wraps around where the result does not fit, as products do", async () => {
    await expectIs(ints(7).pow(40), "int32", [-142118463]);
    await expectIs(bytes(3, 7).pow(9), "uint8", [227, 71]);
  });

  test("with negative exponents in a tensor leaves 1, -1 and 0", async () => {
    await expectIs(ints(1, -1, -1, 2, 0, -2).pow(ints(-2, -1, -2, -1, -1, -3)), "int32", [1, -1, 1, 0, 0, 0]);
  });

  test("refuses a negative number for exponent", () => {
    for (const x of [ints(7), bytes(7), tensor([true])]) {
      expect(() => x.pow(-1)).toThrow(DTypeError);
      expect(() => x.pow(-1)).toThrow(
        `pow: ${x.dtype} to the power of -1 is not ${x.dtype}; use x.to("float32").pow(-1)`,
      );
    }
  });

  test("and fractions is a power of floats", async () => {
    await expectIs(ints(4).pow(0.5), "float32", [2]);
  });
});

describe("remainder", () => {
  test("by infinity is the number itself, or infinity where the signs differ", async () => {
    await expectIs(tensor([5, -5, 0, inf]).remainder(inf), "float32", [5, inf, 0, nan]);
    await expectIs(tensor([5, -5, 0, -inf]).remainder(-inf), "float32", [-inf, -5, 0, nan]);
    await expectIs(ints(5, -5).remainder(inf), "float32", [5, inf]);
  });

  test("has the sign of the divisor", async () => {
    await expectIs(tensor([6, 5, -5]).remainder(3), "float32", [0, 2, 1]);
    await expectIs(tensor([6, 5, -5]).remainder(-3), "float32", [0, -1, -2]);
    await expectIs(ints(5, -5).remainder(3), "int32", [2, 1]);
    await expectIs(bytes(5, 255).remainder(3), "uint8", [2, 0]);
    await expectIs(tensor([inf, 5, 5]).remainder(tensor([3, 0, Number.NaN])), "float32", [nan, nan, nan]);
  });
});

describe("clamp of integers", () => {
  test("by fractions gives floats", async () => {
    await expectIs(ints(0, 5, 10).clamp(0.5, 7.5), "float32", [0.5, 5, 7.5]);
    await expectIs(ints(0, 5, 10).clamp(null, 7.5), "float32", [0, 5, 7.5]);
  });

  test("by whole numbers gives integers", async () => {
    await expectIs(ints(0, 5, 10).clamp(1, 7), "int32", [1, 5, 7]);
    await expectIs(bytes(0, 5, 10).clamp(1, 7), "uint8", [1, 5, 7]);
  });

  test("by bounds beyond the dtype does not wrap around", async () => {
    await expectIs(ints(-5, 5).clamp(-4e9, 4e9), "int32", [-5, 5]);
    await expectIs(bytes(0, 200).clamp(-1, 300), "uint8", [0, 200]);
  });

  test("in place refuses fractions", () => {
    expect(() => ints(1).clamp_(0.5, 7.5)).toThrow(
      "clamp_: the result is float32, which does not fit into a tensor of int32",
    );
  });
});

describe("shapes", () => {
  test("expand keeps no size where there is none, and takes none below 0", () => {
    expect(() => zeros([3]).expand([-1, 3])).toThrow(ShapeError);
    expect(() => zeros([3]).expand([-1, 3])).toThrow(
      "expand: shape [3]: -1 keeps the size of a dimension, and dimension 0 of [-1, 3] is new",
    );
    expect(() => zeros([3]).expand([-2, 3])).toThrow(ShapeError);
    expect(() => zeros([3]).expand([1.5, 3])).toThrow(ShapeError);
    expect(zeros([3]).expand([2, -1]).shape).toEqual([2, 3]);
    expect(zeros([3]).expand([0, 3]).shape).toEqual([0, 3]);
  });

  test("split and chunk take whole sizes above 0", () => {
    const x = zeros([4]);
    for (const size of [1.5, 0, -1, Number.NaN, inf]) {
      expect(() => x.split(size)).toThrow(OutOfRangeError);
      expect(() => x.split(size)).toThrow(`split: size must be a whole number from 1 on, got ${size}`);
    }
    expect(() => x.split([1.5, 2.5])).toThrow("split: sizes must be a whole number from 0 on, got [1.5, 2.5]");
    for (const chunks of [0, -1, 1.5])
      expect(() => x.chunk(chunks)).toThrow("chunk: chunks must be a whole number from 1 on");
    expect(x.split(3).map(({ shape }) => shape)).toEqual([[3], [1]]);
    expect(x.chunk(3).map(({ shape }) => shape)).toEqual([[2], [2]]);
  });

  test("split of an empty dimension gives one empty piece", () => {
    for (const size of [0, 2])
      expect(
        zeros([2, 0])
          .split(size, 1)
          .map(({ shape }) => shape),
      ).toEqual([[2, 0]]);
  });

  test("flatten goes forwards", () => {
    expect(() => zeros([2, 3, 4]).flatten(2, 1)).toThrow("flatten: shape [2, 3, 4]: startDim 2 comes after endDim 1");
    expect(() => zeros([2, 3, 4]).flatten(-1, -2)).toThrow(ShapeError);
    expect(zeros([2, 3, 4]).flatten(1, 1).shape).toEqual([2, 3, 4]);
    expect(zeros([]).flatten().shape).toEqual([1]);
  });
});

test("an empty list of dimensions reduces all of them", async () => {
  const x = tensor([
    [0, 1, 2],
    [3, 4, 5],
  ]);
  await expectIs(x.sum([]), "float32", 15);
  await expectIs(x.sum([], { keepdim: true }), "float32", [[15]]);
  await expectIs(x.mean([]), "float32", 2.5);
  await expectIs(x.amax([]), "float32", 5);
  await expectIs(x.var([]), "float32", 3.5);
  await expectIs(tensor(3).sum([]), "float32", 3);
});

describe("refuses a mask that is not bool", () => {
  const masks = (): Tensor[] => [tensor([1, 0]), ints(1, 0), bytes(1, 0)];
  test("maskedFill keeps the tensor's dtype", async () => {
    const mask = tensor([1, 0]).to("bool");
    const filled = tensor([1, 2], { dtype: "int32" }).maskedFill(mask, 5.7);
    expect([filled.dtype, await filled.toArray()]).toEqual(["int32", [5, 2]]); // PyTorch truncates
    expect(tensor([1, 0]).to("bool").maskedFill(mask, 1).dtype).toBe("bool");
  });

  test("maskedFill", () => {
    for (const mask of masks()) {
      expect(() => tensor([1, 2]).maskedFill(mask, 5)).toThrow(DTypeError);
      expect(() => tensor([1, 2]).maskedFill(mask, 5)).toThrow(
        `maskedFill: the mask is ${mask.dtype} and must be bool: mask.ne(0)`,
      );
    }
  });
  test("where", () => {
    for (const mask of masks()) {
      expect(() => tensor([1, 2]).where(mask, 5)).toThrow(
        `where: the condition is ${mask.dtype} and must be bool: condition.ne(0)`,
      );
    }
  });
});

describe("functions of networks", () => {
  test("dropout refuses integers while it trains", () => {
    expect(() => F.dropout(ints(1, 2, 3))).toThrow(DTypeError);
    expect(() => F.dropout(ints(1, 2, 3), { p: 1 })).toThrow("dropout: x is int32, and must be float32");
    expect(F.dropout(ints(1, 2, 3), { training: false }).dtype).toBe("int32");
  });

  test("losses name the reductions there are", () => {
    const reduction = "avg" as "mean";
    const message = 'reduction "avg" is not known; there are "mean", "sum" and "none"';
    expect(() => F.crossEntropy(zeros([2, 3]), ints(0, 1), { reduction })).toThrow(`crossEntropy: ${message}`);
    expect(() => F.crossEntropy(zeros([3]), tensor(0, { dtype: "int32" }), { reduction })).toThrow(message);
    expect(() => F.mseLoss(zeros([2]), zeros([2]), { reduction })).toThrow(`mseLoss: ${message}`);
  });
});
