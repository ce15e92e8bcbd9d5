// Quotients and remainders: exact at every size, and of integers also where C and WGSL leave them open.

import { beforeAll, describe, expect, test } from "vitest";
import { bitwiseLeftShift, bitwiseRightShift, gcd, lcm, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const INT_MIN = -(2 ** 31);
const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });
const bytes = (...values: number[]): Tensor => tensor(values, { dtype: "uint8" });

/** Floats of every exponent but those of denormals, which adapters may take for 0: random bits, always the same ones. */
function floats(count: number, seed: number): Float32Array {
  let state = seed;
  const bits = Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const exponent = 1 + ((state >>> 8) % 254);
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state & 0x80000000) | (exponent << 23) | (state >>> 9)) >>> 0;
  });
  return new Float32Array(bits.buffer);
}

describe("floats of all sizes", () => {
  const a = floats(4000, 1);
  const b = floats(4000, 2);
  const isNormal = (x: number): boolean => x === 0 || Math.abs(x) >= 2 ** -126;
  /** JavaScript's % is exact, and what it leaves of two floats is a float. */
  const fmod = (i: number): number => a[i]! % b[i]!;

  /** Compares where nothing on the way is denormal. */
  async function expectExact(y: Tensor, wanted: (i: number) => number): Promise<void> {
    const got = await y.data();
    const isSure = (i: number): boolean => isNormal(fmod(i)) && isNormal(wanted(i));
    const wrong = Array.from(a.keys()).filter((i) => isSure(i) && got[i]! !== Math.fround(wanted(i)));
    expect(wrong.map((i) => [a[i], b[i], got[i], wanted(i)])).toEqual([]);
  }

  test("fmod has every digit", async () => {
    await expectExact(tensor(a).fmod(tensor(b)), fmod);
  });

  test("remainder has every digit", async () => {
    await expectExact(tensor(a).remainder(tensor(b)), (i) => {
      const rest = fmod(i);
      return rest !== 0 && rest < 0 !== b[i]! < 0 ? rest + b[i]! : rest;
    });
  });
});

test("whole quotients of floats come out whole, whatever the adapter's division does", async () => {
  const count = 3000;
  const divisors = floats(count, 3).map((x) => Math.fround(x / 2 ** (Math.floor(Math.log2(Math.abs(x))) - 3))); // 8 .. 16
  const quotients = Float32Array.from({ length: count }, (_, i) => (i % 255) - 127);
  const short = divisors.map((x) => Math.fround(Math.round(x * 16) / 16)); // few digits, so that products are exact
  const x = tensor(quotients.map((q, i) => q * short[i]!));
  for (const roundingMode of ["trunc", "floor"] as const) {
    const got = await x.div(tensor(short), { roundingMode }).data();
    expect([...got].filter((q, i) => q !== quotients[i])).toEqual([]);
  }
});

test("truncated quotients are those of the nearest float", async () => {
  const [a, b] = [floats(4000, 5), floats(4000, 6)];
  const near = a.map((x) => x / 2 ** Math.floor(Math.log2(Math.abs(x)))); // 1 .. 2
  const wide = b.map((x, i) => x / 2 ** (Math.floor(Math.log2(Math.abs(x))) + (i % 20))); // quotients up to 2^20
  const close = wide.map((y, i) => (i % 2 === 0 ? near[i]! : Math.fround(Math.round(near[i]! / y) * y)));
  const got = await tensor(close).div(tensor(wide), { roundingMode: "trunc" }).data();
  const wanted = close.map((x, i) => Math.trunc(Math.fround(x / wide[i]!)));
  expect([...got].filter((q, i) => q !== wanted[i])).toEqual([]);
});

test("rounded quotients of floats", async () => {
  const inf = Number.POSITIVE_INFINITY;
  const [a, b] = [tensor([7, -7, 7, -7, 1, -1, 1, 0, inf]), tensor([2, 2, -2, -2, inf, inf, 0, 0, 2])];
  // PyTorch 1.13
  expect(await a.div(b, { roundingMode: "floor" }).toArray()).toEqual([3, -4, -4, 3, 0, -1, inf, NaN, NaN]);
  expect(await a.div(b, { roundingMode: "trunc" }).toArray()).toEqual([3, -3, -3, 3, 0, -0, inf, NaN, inf]);
});

describe("integers", () => {
  const a = (): Tensor => ints(7, -7, 7, -7, INT_MIN, INT_MIN);
  const b = (): Tensor => ints(2, 2, -2, -2, -1, 3);

  test("are divided as C and Python do; -2^31 / -1 wraps", async () => {
    expect(await a().div(b(), { roundingMode: "trunc" }).toArray()).toEqual([3, -3, -3, 3, INT_MIN, -715827882]);
    expect(await a().floorDivide(b()).toArray()).toEqual([3, -4, -4, 3, INT_MIN, -715827883]);
    expect(await a().fmod(b()).toArray()).toEqual([1, -1, 1, -1, 0, -2]);
    expect(await a().remainder(b()).toArray()).toEqual([1, 1, -1, -1, 0, 1]);
  });

  test("divided by 0 are themselves, and leave 0", async () => {
    const x = ints(7, -7, 0, INT_MIN);
    for (const y of [x.floorDivide(0), x.div(0, { roundingMode: "trunc" })]) {
      expect(await y.toArray()).toEqual([7, -7, 0, INT_MIN]);
    }
    for (const y of [x.fmod(0), x.remainder(0)]) expect(await y.toArray()).toEqual([0, 0, 0, 0]);
    expect(await bytes(7, 0).floorDivide(0).toArray()).toEqual([7, 0]);
  });

  test("true division makes floats of them", async () => {
    expect((await ints(7).div(2).toArray()) as number[]).toEqual([3.5]);
    expect(await ints(7, 0).div(0).toArray()).toEqual([Number.POSITIVE_INFINITY, NaN]);
  });

  test("shift", async () => {
    expect(await bitwiseLeftShift(ints(1, 1, 3, -8), ints(31, 32, 1, 1)).toArray()).toEqual([INT_MIN, 0, 6, -16]);
    expect(await bitwiseRightShift(ints(-8, 8, -8, 8), ints(1, 1, 40, 40)).toArray()).toEqual([-4, 4, -1, 0]);
    expect(await bitwiseLeftShift(bytes(1, 200), bytes(7, 1)).toArray()).toEqual([128, 144]);
  });

  test("have common divisors and multiples", async () => {
    expect(await gcd(ints(12, 0, -12, 0), ints(-18, 5, 0, 0)).toArray()).toEqual([6, 5, 12, 0]);
    expect(await lcm(ints(4, 0, -4), ints(6, 5, 6)).toArray()).toEqual([12, 0, 12]);
  });
});

describe("conversion of floats", () => {
  const x = (): Tensor => tensor([1.9, -1.9, 3e9, -3e9, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, NaN, -0.5]);

  test("to int32 cuts off, and stops at the ends; NaN is 0", async () => {
    const max = 2 ** 31 - 1;
    expect(await x().int().toArray()).toEqual([1, -1, max, INT_MIN, max, INT_MIN, 0, 0]);
    expect(await tensor([2147483520, 2147483648]).int().toArray()).toEqual([2147483520, max]);
  });

  test("to uint8 keeps the low bits of that", async () => {
    expect(await tensor([300.7, -1.5, 255, 256]).to("uint8").toArray()).toEqual([44, 255, 255, 0]);
  });

  test("to bool asks for 0, which NaN is not", async () => {
    expect(await tensor([0, -0, NaN, 0.5]).bool().toArray()).toEqual([0, 0, 1, 1]);
  });

  test("takes the dtype from another tensor", async () => {
    expect(tensor([1.5]).to(ints(1)).dtype).toBe("int32");
    expect(ints(1).float().dtype).toBe("float32");
  });
});

test("rounding is to the even one; floor and trunc keep the sign of zero", async () => {
  expect(await tensor([0.5, 1.5, 2.5, -0.5]).round().toArray()).toEqual([0, 2, 2, -0]);
  expect(await tensor([-0]).floor().toArray()).toEqual([-0]);
  expect(await tensor([-0.5]).trunc().toArray()).toEqual([-0]);
  expect(await tensor([NaN, -2, 0]).sign().toArray()).toEqual([0, -1, 0]);
});
