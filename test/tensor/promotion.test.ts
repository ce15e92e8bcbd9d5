// In which dtype operands meet: PyTorch 1.13's torch.result_type for every pair (scripts/golden_promotion.py).

import { beforeAll, describe, expect, test } from "vitest";
import { type DType, promotableNumber, resultType } from "../../src/core/dtype.js";
import { type Operand, ones, pow, where } from "../../src/index.js";
import { openDevice } from "../device.js";
import table from "../goldens/promotion.json" with { type: "json" };

beforeAll(openDevice);

const numbers: Readonly<Record<string, number | boolean>> = { true: true, "1": 1, "1.5": 1.5 };

const pairs = Object.entries(table).flatMap(([a, row]) => Object.entries(row).map(([b, wanted]) => ({ a, b, wanted })));

describe("as PyTorch has it", () => {
  test("for every pair of operands", () => {
    const promotable = (operand: string): Parameters<typeof resultType>[0][number] => {
      const [dtype, strength] = operand.split(" ") as [string, "tensor" | "scalar" | "number"];
      return strength === "number" ? promotableNumber(numbers[dtype]!) : { dtype: dtype as DType, strength };
    };
    const got = pairs.map(({ a, b }) => ({ a, b, wanted: resultType([promotable(a), promotable(b)]) }));
    expect(got).toEqual(pairs);
  });

  test("in operations, where no float16 is computed", () => {
    const operand = (name: string): Operand => {
      const [dtype, strength] = name.split(" ") as [string, string];
      if (strength === "number") return numbers[dtype]!;
      return ones(strength === "tensor" ? [1] : [], { dtype: dtype as DType });
    };
    const condition = ones([1], { dtype: "bool" });
    const possible = pairs.filter(({ a, b }) => !`${a} ${b}`.includes("float16"));
    const got = possible.map(({ a, b }) => ({ a, b, wanted: where(condition, operand(a), operand(b)).dtype }));
    expect(got).toEqual(possible);
  });
});

test("a number that does not fit into the tensor's integers wraps, as in PyTorch", async () => {
  const bytes = ones([1], { dtype: "uint8" });
  expect(await bytes.add(300).item()).toBe(45);
  expect(await bytes.add(-1).item()).toBe(0);
  expect(await bytes.mul(44).eq(300).item()).toBe(1);
  expect(await bytes.mul(300).item()).toBe(44);
  expect(await bytes.add_(300).item()).toBe(45);
  const ints = ones([1], { dtype: "int32" });
  expect(await ints.add(3e9).item()).toBe(-1294967295);
  expect(await ints.lt(3e9).item()).toBe(0); // 3e9 is -1294967296 there
});

test("a fraction makes float32 of integers, a whole number does not, a boolean leaves all as they are", () => {
  const [bytes, bools] = [ones([1], { dtype: "uint8" }), ones([1], { dtype: "bool" })];
  expect(bytes.mul(0.5).dtype).toBe("float32");
  expect(bytes.mul(2).dtype).toBe("uint8");
  expect(bools.mul(2).dtype).toBe("int32");
  expect(bools.mul(true).dtype).toBe("bool");
  expect(pow(2, bools).dtype).toBe("int32");
});
