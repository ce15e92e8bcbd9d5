// Operations that change a tensor: the values, dtypes and derivatives of the operations they are named after.

import { beforeAll, describe, expect, test } from "vitest";
import { DTypeError, ShapeError, Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const start = [0.25, -0.5, 0.75, 0.9];
const other = (): Tensor => tensor([0.5, 2, -0.75, 0.3]);
const third = (): Tensor => tensor([1.5, 0.5, 2, -1]);
const mask = (): Tensor => tensor([true, false, true, false]);

type Method = (...args: unknown[]) => Tensor;
const call = (x: Tensor, name: string, args: readonly unknown[]): Tensor =>
  (x as unknown as Record<string, Method>)[name]!(...args);

const operands: Readonly<Record<string, () => readonly unknown[]>> = {
  add_: () => [other(), { alpha: 3 }],
  sub_: () => [other(), { alpha: 0.5 }],
  mul_: () => [other()],
  div_: () => [other()],
  floorDivide_: () => [other()],
  fmod_: () => [other()],
  remainder_: () => [other()],
  pow_: () => [3],
  atan2_: () => [other()],
  lerp_: () => [other(), 0.25],
  clamp_: () => [-0.25, third()],
  clampMin_: () => [0.3],
  clampMax_: () => [0.3],
  eq_: () => [0.25],
  ne_: () => [0.25],
  lt_: () => [other()],
  le_: () => [other()],
  gt_: () => [other()],
  ge_: () => [other()],
  logicalAnd_: () => [mask()],
  logicalOr_: () => [mask()],
  logicalXor_: () => [mask()],
  maskedFill_: () => [mask(), -3],
  round_: () => [1],
};
/** Those that no operation of that name without the underscore is a method for, or that no number goes into. */
const elsewhere = ["copy_", "fill_", "zero_", "addcmul_", "addcdiv_", "requiresGrad_", "detach_"];

/** Names of all methods that end with an underscore, but for those that set something other than elements. */
function methods(): string[] {
  const names = new Set<string>();
  for (let at = Tensor.prototype as object; at !== Object.prototype; at = Object.getPrototypeOf(at) as object) {
    for (const name of Object.getOwnPropertyNames(at)) if (name.endsWith("_")) names.add(name);
  }
  return [...names].filter((name) => !elsewhere.includes(name) && name.slice(0, -1) in Tensor.prototype);
}

const unary = methods().filter((name) => operands[name] === undefined && Tensor.prototype[name as "abs_"].length === 0);

describe.each([...Object.keys(operands), ...unary])("%s", (name) => {
  const args = operands[name] ?? (() => []);

  test("has the values of the operation, and stays the tensor it was", async () => {
    const x = tensor(start);
    const wanted = call(tensor(start), name.slice(0, -1), args());
    expect(call(x, name, args())).toBe(x);
    expect(x.dtype).toBe("float32");
    expect([...(await x.data())]).toEqual([...(await wanted.to("float32").data())]);
  });

  test("has the derivative of the operation, also where that needs the values before", async () => {
    const gradient = async (method: string): Promise<number[]> => {
      const x = tensor(start, { requiresGrad: true });
      const y = call(x.mul(0.5).add(0.1), method, args());
      if (!y.requiresGrad) return start.map(() => 0); // a comparison
      y.mul(third()).sum().backward();
      return [...(await x.grad!.data())];
    };
    expect(await gradient(name)).toEqual(await gradient(name.slice(0, -1)));
  });
});

test("addcmul_ and addcdiv_ add a product and a quotient", async () => {
  const y = tensor([1, 2]);
  expect(await y.addcmul_(tensor([2, 3]), tensor([4, 5]), { value: 2 }).toArray()).toEqual([17, 32]);
  expect(await y.addcdiv_(tensor([2, 3]), tensor([4, 6]), { value: -2 }).toArray()).toEqual([16, 31]);
});

test("integers stay integers where the result is one, and refuse fractions", async () => {
  const x = tensor([7, -7], { dtype: "int32" });
  expect(await x.div_(2, { roundingMode: "floor" }).toArray()).toEqual([3, -4]);
  expect(() => x.div_(2)).toThrow(DTypeError);
  expect(() => x.div_(2)).toThrow("div_: the result is float32, which does not fit into a tensor of int32");
  expect(() => x.add_(0.5)).toThrow(DTypeError);
  expect(() => tensor([true]).add_(1)).toThrow(DTypeError);
  expect(await x.toArray()).toEqual([3, -4]);
});

test("a tensor does not grow in place", () => {
  expect(() => tensor([1, 2]).add_(tensor([[1], [2]]))).toThrow(ShapeError);
});
