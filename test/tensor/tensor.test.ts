// Making, viewing, indexing and printing tensors, and the errors on the way.

import { beforeAll, describe, expect, test } from "vitest";
import {
  arange,
  bernoulli,
  cat,
  type DType,
  ellipsis,
  empty,
  eye,
  full,
  Generator,
  linspace,
  manualSeed,
  multinomial,
  ones,
  onesLike,
  rand,
  randint,
  randn,
  randperm,
  slice,
  stack,
  type Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

describe("creation", () => {
  test("from nested arrays, numbers, booleans and typed arrays", async () => {
    const cases: [Tensor, readonly number[], DType, unknown][] = [
      [tensor(3), [], "float32", 3],
      [
        tensor([
          [1, 2],
          [3, 4],
        ]),
        [2, 2],
        "float32",
        [
          [1, 2],
          [3, 4],
        ],
      ],
      [tensor([true, false]), [2], "bool", [1, 0]],
      [tensor([1.7, -1.7], { dtype: "int32" }), [2], "int32", [1, -1]],
      [tensor(Int32Array.of(5, 6)), [2], "int32", [5, 6]],
      [tensor(Uint8Array.of(7)), [1], "uint8", [7]],
      [tensor(Float64Array.of(0.5)), [1], "float32", [0.5]],
      [tensor(BigInt64Array.of(9n)), [1], "int32", [9]],
      [tensor([]), [0], "float32", []],
      [tensor([[], []]), [2, 0], "float32", [[], []]],
    ];
    for (const [x, shape, dtype, values] of cases) {
      expect([x.shape, x.dtype]).toEqual([shape, dtype]);
      expect(await x.toArray()).toEqual(values);
    }
  });

  test("copies its data", async () => {
    const data = Float32Array.of(1, 2);
    const x = tensor(data);
    data[0] = 9;
    expect(await x.toArray()).toEqual([1, 2]);
  });

  test("of rules", async () => {
    expect(await zeros([2]).toArray()).toEqual([0, 0]);
    expect(await full([2], 7, { dtype: "int32" }).toArray()).toEqual([7, 7]);
    expect(await zerosLike(ones([1, 2])).toArray()).toEqual([[0, 0]]);
    expect(
      await onesLike(zeros([1], { dtype: "int32" }))
        .add(1)
        .toArray(),
    ).toEqual([2]);
    expect(empty([3, 2]).shape).toEqual([3, 2]);
    expect(await arange(4).toArray()).toEqual([0, 1, 2, 3]);
    expect(arange(4).dtype).toBe("int32");
    expect(await arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75]);
    expect(await arange(5, 0, -2).toArray()).toEqual([5, 3, 1]);
    expect(await linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(await linspace(3, 3, 1).toArray()).toEqual([3]);
    expect(await eye(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  test("refuses rows of different lengths and strange sizes", () => {
    expect(() => tensor([[1, 2], [3]])).toThrow("an array at depth 1 has 1 elements where another has 2");
    expect(() => tensor([1, [2]] as never)).toThrow("tensor: shape [2]");
    expect(() => tensor(["a"] as never)).toThrow('takes numbers and booleans, got "a"');
    expect(() => zeros([2, -1])).toThrow("sizes must be whole numbers from 0 on");
    expect(() => zeros([1.5])).toThrow("zeros: shape [1.5]");
  });
});

describe("random numbers", () => {
  test("are Philox's, as its authors' known answers have them", async () => {
    const { philox } = await import("../../src/core/philox.js");
    expect(philox([0, 0, 0, 0], [0, 0])).toEqual([0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8]);
    const all = 0xffffffff;
    expect(philox([all, all, all, all], [all, all])).toEqual([0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd]);
    expect(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0])).toEqual([
      0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1,
    ]);
  });

  test("are the same on the GPU and on the host", async () => {
    const { philox } = await import("../../src/core/philox.js");
    manualSeed(42);
    const words = [philox([0, 0, 0, 0], [42, 0]), philox([1, 0, 0, 0], [42, 0])].flat();
    expect(await rand([7]).toArray()).toEqual(words.slice(0, 7).map((word) => (word >>> 8) * 2 ** -24));
  });

  test("repeat with the seed, and differ from draw to draw", async () => {
    const draw = async (): Promise<number[]> => [
      ...(await rand([5]).data()),
      ...(await randn([5]).data()),
      ...(await randperm(9).data()),
    ];
    manualSeed(7);
    const [first, second] = [await draw(), await draw()];
    manualSeed(7);
    expect(await draw()).toEqual(first);
    expect(second).not.toEqual(first);
    expect(await rand([3], { generator: new Generator(1) }).data()).toEqual(
      await rand([3], { generator: new Generator(1) }).data(),
    );
  });

  test("have the right distribution", async () => {
    manualSeed(1);
    const n = 100_003;
    const moments = async (x: Tensor): Promise<number[]> => [await x.mean().item(), await x.std().item()];
    expectClose(await moments(rand([n])), [0.5, Math.sqrt(1 / 12)], 0.005);
    expectClose(await moments(randn([n])), [0, 1], 0.01);
    expectClose(await moments(randint(-3, 4, [n]).to("float32")), [0, 2], 0.02);
    expectClose(await moments(bernoulli(full([n], 0.3))), [0.3, Math.sqrt(0.21)], 0.01);
    const u = rand([n]);
    expect([(await u.amin().item()) >= 0, (await u.amax().item()) < 1]).toEqual([true, true]);
    expect(await randn([n]).abs().amax().item()).toBeLessThan(7);
  });

  test("randint reaches every number below its bound and none beyond", async () => {
    const counts = new Array<number>(7).fill(0);
    for (const value of await randint(7, [7000]).data()) counts[value]!++;
    for (const count of counts) expect(count).toBeGreaterThan(800);
  });

  test("multinomial draws indices as often as their probabilities say, rows apart", async () => {
    manualSeed(2);
    const n = 20_000;
    const p = tensor([
      [1, 2, 0, 1],
      [0, 0, 3, 3],
    ]).to("float32");
    const y = multinomial(p, n, { replacement: true });
    expect([y.shape, y.dtype]).toEqual([[2, n], "int32"]);
    const share = async (row: number, c: number): Promise<number> =>
      (await y.select(0, row).eq(c).to("float32").mean().item()) as number;
    for (const [row, c, expected] of [
      [0, 0, 0.25],
      [0, 1, 0.5],
      [0, 2, 0],
      [1, 2, 0.5],
      [1, 0, 0],
    ] as const) {
      const is = await share(row, c);
      if (expected === 0) expect(is).toBe(0);
      else expect(Math.abs(is - expected)).toBeLessThan(0.015);
    }
  });

  test("multinomial without replacement draws each index once, likely ones first", async () => {
    manualSeed(3);
    const [n, C] = [4000, 3];
    const y = (await multinomial(tensor([6, 3, 1]).to("float32").expand([n, C]), C).toArray()) as number[][];
    const first = [0, 0, 0];
    for (const row of y) {
      expect([...row].sort()).toEqual([0, 1, 2]);
      first[row[0]!]!++;
    }
    expect(first.map((count, i) => Math.abs(count / n - [0.6, 0.3, 0.1][i]!) < 0.03)).toEqual([true, true, true]);
    const seeded = (): Promise<unknown> => multinomial(rand([50]), 5, { generator: new Generator(4) }).toArray();
    manualSeed(5);
    const drawn = await seeded();
    manualSeed(5);
    expect(await seeded()).toEqual(drawn);
    expect(() => multinomial(rand([3]), 4)).toThrow(/multinomial: 4 samples of 3 without replacement/);
    expect(() => multinomial(rand([3]), 0)).toThrow(/numSamples must be a whole number from 1/);
    expect(() => multinomial(rand([2, 3, 4]), 1)).toThrow(/multinomial: shape \[2, 3, 4\]/);
    expect(() => multinomial(tensor([1, 2], { dtype: "int32" }), 1)).toThrow(/probabilities are int32/);
  });

  test("randint of all numbers there are", async () => {
    const numbers = randint(-(2 ** 31), 2 ** 31, [4000])
      .to("float32")
      .div(2 ** 31);
    expectClose([await numbers.mean().item(), await numbers.std().item()], [0, Math.sqrt(1 / 3)], 0.03);
  });

  test("randperm is a permutation, and over many draws each is as likely", async () => {
    for (const n of [1, 2, 3, 10, 100, 1000])
      expect([...(await randperm(n).data())].sort((a, b) => a - b)).toEqual([...Array(n).keys()]);
    const seen = new Map<string, number>();
    const draws = await stack(Array.from({ length: 1200 }, () => randperm(4))).data();
    for (let i = 0; i < draws.length; i += 4) {
      const key = draws.slice(i, i + 4).join("");
      seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    expect(seen.size).toBe(24);
    // 24 cells of 50: chi-square with 23 degrees of freedom is below 49.7 in 99.9% of cases.
    const chiSquare = [...seen.values()].reduce((sum, count) => sum + (count - 50) ** 2 / 50, 0);
    expect(chiSquare).toBeLessThan(49.7);
  });

  test("give the same values in pieces of any width and alignment", async () => {
    manualSeed(3);
    const whole = await rand([6, 8]).data();
    manualSeed(3);
    const odd = await rand([6, 8])
      .add(zeros([8]))
      .narrow(1, 1, 5)
      .data();
    expect([...odd]).toEqual([...whole].filter((_, i) => i % 8 >= 1 && i % 8 < 6));
    manualSeed(3);
    expect([...(await rand([48]).data())]).toEqual([...whole]);
    manualSeed(3);
    expect([...(await rand([47]).data())]).toEqual([...whole].slice(0, 47));
  });
});

describe("indexing", () => {
  const x = (): Tensor => arange(24).reshape([2, 3, 4]);

  test("by numbers, slices, new dimensions and the ellipsis", async () => {
    expect(await x().index(1, -1, 2).item()).toBe(22);
    expect(
      await x()
        .index(0, slice(1, null), slice(null, null, 2))
        .toArray(),
    ).toEqual([
      [4, 6],
      [8, 10],
    ]);
    expect(await x().index(ellipsis, 0).toArray()).toEqual([
      [0, 4, 8],
      [12, 16, 20],
    ]);
    expect(await x().index(slice(-1, null), 0, slice(-3, -1)).toArray()).toEqual([[13, 14]]);
    expect(x().index(null, ellipsis, null).shape).toEqual([1, 2, 3, 4, 1]);
    expect(x().index(slice(5, 9)).shape).toEqual([0, 3, 4]);
    expect(await x().index(0, slice(2), 0).toArray()).toEqual([0, 4]);
  });

  test("by a tensor of indices, negative ones too", async () => {
    const rows = tensor([1, 0, -1], { dtype: "int32" });
    expect(await x().index(0, rows, slice(1, 3)).toArray()).toEqual([
      [5, 6],
      [1, 2],
      [9, 10],
    ]);
    const table = tensor(
      [
        [0, 1],
        [1, 0],
      ],
      { dtype: "int32" },
    );
    expect((await x().index(table)).shape).toEqual([2, 2, 3, 4]);
  });

  test("by a mask, asynchronously", async () => {
    const y = tensor(
      [
        [1, -2],
        [-3, 4],
      ],
      { requiresGrad: true },
    );
    const positive = await y.maskedSelect(y.gt(0));
    expect(await positive.toArray()).toEqual([1, 4]);
    positive.sum().backward();
    expect(await y.grad!.toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(() => y.index(y.gt(0))).toThrow(
      "index: how many elements a mask computed on the GPU names is known only there; use await x.indexAsync(...)",
    );
    expect(await (await y.indexAsync(y.gt(0))).toArray()).toEqual([1, 4]);
  });

  test("whole rows by a mask, through the indices of what is not zero", async () => {
    const rows = tensor(
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      { requiresGrad: true },
    );
    const mask = tensor([1, 0, 1]).to("bool");
    expect(
      await (
        await tensor([
          [0, 7],
          [Number.NaN, 0],
        ]).nonzero()
      ).toArray(),
    ).toEqual([
      [0, 1],
      [1, 0],
    ]);
    expect((await tensor(3).nonzero()).shape).toEqual([1, 0]);
    expect((await zeros([2, 2]).nonzero()).shape).toEqual([0, 2]);
    const picked = rows.indexSelect(0, (await mask.nonzero()).squeeze(1));
    expect(await picked.toArray()).toEqual([
      [1, 2],
      [5, 6],
    ]);
    picked.sum().backward();
    expect(await rows.grad!.toArray()).toEqual([
      [1, 1],
      [0, 0],
      [1, 1],
    ]);
  });

  test("views share memory", async () => {
    const y = zeros([2, 3]).clone();
    y.select(0, 1).fill_(5);
    y.T.narrow(0, 2, 1).fill_(7);
    expect(await y.toArray()).toEqual([
      [0, 0, 7],
      [5, 5, 7],
    ]);
  });

  test("out of range is an error that says what is in range", () => {
    expect(() => x().select(1, 3)).toThrow(
      "select: index 3 is out of range for dimension 1 of shape [2, 3, 4]; valid are -3 to 2",
    );
    expect(() => x().index(0, 0, 0, 0)).toThrow("index: shape [2, 3, 4]: 4 indices for 3 dimensions");
    expect(() => x().narrow(0, 1, 2)).toThrow("narrow: 2 elements from 1 on do not lie in dimension 0");
    expect(() => x().sum(3)).toThrow(
      "sum: dimension 3 is out of range for a tensor with 3 dimensions (expected -3 to 2)",
    );
    expect(() => x().sum([0, -3])).toThrow("name one dimension twice");
    expect(() => x().indexSelect(0, tensor([2], { dtype: "int32" }))).toThrow(
      "indexSelect: index 2 is out of range for dimension 0 of shape [2, 3, 4]; valid are 0 to 1",
    );
    expect(() => x().indexSelect(0, tensor([0]))).toThrow('the index is float32 and must be int32: index.to("int32")');
    expect(() => x().index(slice(0, 2, -1))).toThrow("a step must be a positive whole number");
  });
});

describe("dtypes", () => {
  test("promote like PyTorch's", () => {
    const types: [Tensor, Tensor | number, DType][] = [
      [ones([2], { dtype: "int32" }), ones([2]), "float32"],
      [ones([2], { dtype: "int32" }), 2, "int32"],
      [ones([2], { dtype: "int32" }), 0.5, "float32"],
      [ones([2], { dtype: "uint8" }), ones([], { dtype: "int32" }), "uint8"],
      [ones([2], { dtype: "bool" }), 3, "int32"],
      [ones([2], { dtype: "bool" }), ones([2], { dtype: "uint8" }), "uint8"],
    ];
    for (const [a, b, wanted] of types) expect(a.add(b).dtype).toBe(wanted);
    expect(ones([2], { dtype: "int32" }).div(2).dtype).toBe("float32");
    expect(ones([2], { dtype: "int32" }).exp().dtype).toBe("float32");
    expect(ones([2], { dtype: "bool" }).sum().dtype).toBe("int32");
    expect(where(tensor([true]), ones([1], { dtype: "int32" }), 0.5).dtype).toBe("float32");
    expect(cat([ones([1], { dtype: "int32" }), ones([1])]).dtype).toBe("float32");
  });
});

describe("errors name the op, the shapes, what disagrees and the fix", () => {
  const cases: [string, () => unknown, string][] = [
    [
      "matmul",
      () => ones([32, 784]).matmul(ones([128, 784])),
      "matmul: shapes [32, 784] and [128, 784] do not fit: inner dimensions are 784 vs 128 (transpose the second: b.mT)",
    ],
    [
      "add",
      () => ones([2, 3]).add(ones([2, 4])),
      "add: shapes [2, 3] and [2, 4] do not fit: dimension -1 is 3 vs 4, and neither is 1",
    ],
    ["reshape", () => ones([2, 3]).reshape([4, -1]), "reshape: shape [2, 3]: 6 elements cannot take shape [4, -1]"],
    [
      "expand",
      () => ones([2, 3]).expand([2, 4]),
      "expand: shape [2, 3]: only dimensions of size 1 can grow, and [2, 4] asks for more",
    ],
    [
      "permute",
      () => ones([2, 3]).permute([0, 0]),
      "permute: shape [2, 3]: dimensions [0, 0] must name each of its 2 once",
    ],
    [
      "cat",
      () => cat([ones([2, 3]), ones([3, 2])]),
      "cat: shapes [2, 3] and [3, 2] do not fit: all dimensions but 0 must be equal",
    ],
    [
      "stack",
      () => stack([ones([2]), ones([3])]),
      "stack: shapes [2] and [3] do not fit: all tensors must have the same shape",
    ],
    [
      "split",
      () => ones([5]).split([2, 2]),
      "split: shape [5]: sizes [2, 2] do not add up to 5, the size of dimension 0",
    ],
    ["mean", () => arange(3).mean(), 'mean: needs floating point, got int32; use x.to("float32").mean()'],
    [
      "requiresGrad_",
      () => arange(3).requiresGrad_(),
      "requiresGrad_: only floating-point tensors can require grad, this one is int32",
    ],
    [
      "grad",
      () => (ones([2], { requiresGrad: true }).grad = ones([3])),
      "grad: shapes [2] and [3] do not fit: a gradient has the shape of its tensor",
    ],
  ];
  test.each(cases)("%s", (_, run, message) => {
    expect(run).toThrow(message);
  });
});

describe("printing", () => {
  test("looks like PyTorch's", async () => {
    expect(
      await tensor([
        [1, 2.5],
        [-3, 4],
      ]).text(),
    ).toBe("tensor([[ 1.0000,  2.5000],\n        [-3.0000,  4.0000]])");
    expect(await tensor([1, 2, 3]).text()).toBe("tensor([1., 2., 3.])");
    expect(await arange(3).text()).toBe("tensor([0, 1, 2], dtype=int32)");
    expect(await tensor([true, false]).text()).toBe("tensor([ True, False])");
    expect(await tensor(2.5).text()).toBe("tensor(2.5000)");
    expect(await tensor([1e-8, 1]).text()).toBe("tensor([1.0000e-08, 1.0000e+00])");
    expect(await tensor([Number.NaN, Infinity, 1.5]).text()).toBe("tensor([   nan,    inf, 1.5000])");
    expect(await tensor([]).text()).toBe("tensor([])");
    expect(await zeros([2, 0]).text()).toBe("tensor([], size=[2, 0])");
    expect(await tensor([1], { requiresGrad: true }).text()).toBe("tensor([1.], requiresGrad=true)");
    expect(await tensor([1], { requiresGrad: true }).mul(2).text()).toBe("tensor([2.], gradFn=mul)");
    expect(await arange(2000, { dtype: "float32" }).text()).toBe(
      "tensor([   0.,    1.,    2., ..., 1997., 1998., 1999.])",
    );
  });

  test("without waiting says what it is", () => {
    expect(String(ones([2, 3]))).toBe("Tensor([2, 3], float32)");
    expect(String(ones([2], { requiresGrad: true }))).toBe("Tensor([2], float32, requiresGrad)");
  });
});
