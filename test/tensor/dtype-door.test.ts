// What does not fit into a dtype is refused where data comes in, never wrapped around.

import { beforeAll, describe, expect, test } from "vitest";
import {
  currentDevice,
  type DType,
  DTypeError,
  empty,
  eye,
  full,
  nn,
  OutOfRangeError,
  ones,
  onesLike,
  rand,
  randint,
  randn,
  type Tensor,
  type TensorData,
  tensor,
  zeros,
  zerosLike,
} from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

describe("a number beyond the dtype", () => {
  const cases: [what: string, data: TensorData, dtype: DType | undefined, message: string][] = [
    [
      "Uint32Array",
      Uint32Array.of(1, 4e9),
      undefined,
      "4000000000 does not fit into int32 (-2147483648 to 2147483647)",
    ],
    ["BigInt64Array", BigInt64Array.of(-(2n ** 31n) - 1n), undefined, "-2147483649 does not fit into int32"],
    ["BigUint64Array", BigUint64Array.of(2n ** 53n), undefined, "9007199254740992 does not fit into int32"],
    ["numbers", [0, 2 ** 31], "int32", "2147483648 does not fit into int32"],
    ["NaN", Number.NaN, "int32", "NaN does not fit into int32"],
    ["infinity", Number.NEGATIVE_INFINITY, "int32", "-Infinity does not fit into int32"],
    ["a byte", 256, "uint8", "256 does not fit into uint8 (0 to 255)"],
    ["a negative byte", Int8Array.of(-1), "uint8", "-1 does not fit into uint8 (0 to 255)"],
  ];
  test.each(cases)("is refused: %s", (_, data, dtype, message) => {
    expect(() => tensor(data, dtype && { dtype })).toThrow(OutOfRangeError);
    expect(() => tensor(data, dtype && { dtype })).toThrow(`tensor: ${message}`);
  });

  test("is refused by full too", () => {
    expect(() => full([2], 4e9, { dtype: "int32" })).toThrow("full: 4000000000 does not fit into int32");
    expect(() => full([2], 256, { dtype: "uint8" })).toThrow("full: 256 does not fit into uint8");
  });

  test("fits as float32, and its neighbour inside fits", async () => {
    expect(await tensor(Uint32Array.of(4e9), { dtype: "float32" }).data()).toEqual(Float32Array.of(4e9));
    expect(await tensor(Uint32Array.of(2 ** 31 - 1)).data()).toEqual(Int32Array.of(2 ** 31 - 1));
    expect(await tensor([-(2 ** 31), 1.9, -1.9], { dtype: "int32" }).data()).toEqual(Int32Array.of(-(2 ** 31), 1, -1));
    expect(await tensor([0, 255.5], { dtype: "uint8" }).data()).toEqual(Uint8Array.of(0, 255));
    expect(
      await full([1], 2 ** 31 - 1, { dtype: "int32" })
        .add(0)
        .data(),
    ).toEqual(Int32Array.of(2 ** 31 - 1));
  });
});

test("float16 is made at every door, or refused by the name of the door where the adapter has none", () => {
  const options = { dtype: "float16" } as const;
  const x = ones([2]);
  const doors: Record<string, () => unknown> = {
    tensor: () => tensor([1, 2], options),
    zeros: () => zeros([2], options),
    ones: () => ones([2], options),
    full: () => full([2], 1, options),
    empty: () => empty([2], options),
    eye: () => eye(2, 2, options),
    zerosLike: () => zerosLike(x, options),
    onesLike: () => onesLike(x, options),
    rand: () => rand([2], options),
    randn: () => randn([2], options),
    randint: () => randint(3, [2], options),
    to: () => x.to("float16"),
  };
  for (const [op, open] of Object.entries(doors)) {
    if (currentDevice().gpu.features.has("shader-f16")) {
      expect((open() as Tensor).dtype, op).toBe("float16");
      continue;
    }
    expect(open, op).toThrow(DTypeError);
    expect(open).toThrow(new RegExp(`^(${op}|to): float16 needs WebGPU's feature "shader-f16", which this adapter`));
  }
});

describe("Parameter", () => {
  const labels = () => tensor([1, 2], { dtype: "int32" });
  test("of integers is refused, since nothing could train it", () => {
    expect(() => new nn.Parameter(labels())).toThrow(DTypeError);
    expect(() => new nn.Parameter(labels())).toThrow(
      "Parameter: only floating-point tensors can require grad, this one is int32 " +
        '(data.to("float32"), { requiresGrad: false }, or an nn.Buffer)',
    );
  });

  test("of integers that asks for no gradient is one", () => {
    const parameter = new nn.Parameter(labels(), { requiresGrad: false });
    expect([parameter.dtype, parameter.requiresGrad]).toEqual(["int32", false]);
  });
});
