// What does not fit into a dtype is refused where data comes in, never wrapped around.

import { beforeAll, describe, expect, test } from "vitest";
import {
  constantPadNd,
  currentDevice,
  type DType,
  DTypeError,
  empty,
  eye,
  F,
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
  where,
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

  test("is refused where it would become an element", () => {
    const [bytes, ints] = (["uint8", "int32"] as const).map((dtype) => ones([2], { dtype })) as [Tensor, Tensor];
    const [mask, index] = [tensor([true, false]), tensor([0], { dtype: "int32" })];
    // biome-ignore format: a table
    const doors: [run: () => unknown, message: string][] = [
      [() => ints.maskedFill(mask, 3e9), "maskedFill: 3000000000 does not fit into int32"],
      [() => ints.maskedFill(mask, Number.NaN), "maskedFill: NaN does not fit into int32"],
      [() => ints.maskedFill_(mask, 3e9), "maskedFill_: 3000000000 does not fit into int32"],
      [() => bytes.maskedFill(mask, 300), "maskedFill: 300 does not fit into uint8"],
      [() => bytes.maskedFill(mask, -1), "maskedFill: -1 does not fit into uint8"],
      [() => where(mask, ints, 3e9), "where: 3000000000 does not fit into int32"],
      [() => where(mask, 300, bytes), "where: 300 does not fit into uint8"],
      [() => ints.scatter(0, index, 3e9), "scatter: 3000000000 does not fit into int32"],
      [() => bytes.scatter_(0, index, 300, { reduce: "add" }), "scatter_: 300 does not fit into uint8"],
      [() => ints.indexFill_(0, index, 3e9), "indexFill_: 3000000000 does not fit into int32"],
      [() => F.pad(bytes, [1, 0], { value: 300 }), "pad: 300 does not fit into uint8"],
      [() => constantPadNd(ints, [1, 0], 3e9), "pad: 3000000000 does not fit into int32"],
      [() => ints.fill_(3e9), "fill_: 3000000000 does not fit into int32"],
      [() => bytes.index(0).fill_(-1), "fill_: -1 does not fit into uint8"],
      [() => bytes.maximum(300), "maximum: 300 does not fit into uint8"],
      [() => F.threshold(ints, 1, 3e9), "threshold: 3000000000 does not fit into int32"],
      [() => bytes.pow(300), "pow: 300 does not fit into uint8"],
      [() => randint(2 ** 31, 2 ** 31 + 5, [2]), "randint: 2147483648 does not fit into int32"],
      [() => randint(0, 257, [2], { dtype: "uint8" }), "randint: 256 does not fit into uint8"],
    ];
    for (const [run, message] of doors) {
      expect(run).toThrow(OutOfRangeError);
      expect(run).toThrow(message);
    }
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
