// Matrix products, convolutions and attention of float16: they read halves, add up in float32 and round once, forward and
// backward, up to the edges of what halves hold.

import { beforeAll, expect } from "vitest";
import { F, full, manualSeed, randn, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { onFloat16 } from "../on-float16.js";

beforeAll(async () => {
  await openDevice();
});

const half = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "float16" });
const ones = (shape: number[]): Tensor => full(shape, 1, { dtype: "float16" }).detach().requiresGrad_();
const data = async (x: Tensor): Promise<number[]> => [...(await x.data())];
const attend = (q: Tensor, k: Tensor, v: Tensor, isCausal = false): Tensor =>
  F.scaledDotProductAttention(q, k, v, { isCausal })[0];

/** Row by row, the sum of products of a and b [rows, n], through each kind of product. */
const products: [string, (a: Tensor, b: Tensor) => Tensor][] = [
  ["matmul", (a, b) => a.unsqueeze(1).matmul(b.unsqueeze(2))],
  ["conv2d of single channels", (a, b) => rowsAsChannels(a, b, 1)],
  ["conv2d of many channels", (a, b) => rowsAsChannels(a, b, 4)],
];

/** @param outputs - channels made of each row, all alike */
function rowsAsChannels(a: Tensor, b: Tensor, outputs: number): Tensor {
  const [rows, n] = a.shape as [number, number];
  const weight = b
    .unsqueeze(1)
    .expand([rows, outputs, n])
    .reshape([rows * outputs, n, 1, 1]);
  return F.conv2d(a.reshape([1, rows * n, 1, 1]), weight, null, { groups: rows })
    .reshape([rows, outputs])
    .narrow(1, 0, 1);
}

for (const [name, product] of products) {
  onFloat16(`${name}: rounds once, to halves, subnormal ones and infinity included`, async () => {
    const cases: [a: number[], b: number[], wanted: number][] = [
      [[300, -300, 7], [300, 300, 1], 7], // 90000 is beyond what halves hold
      [[2048, 1, 1], [1, 1, 1], 2050], // 2049 is none
      [[65504, 15, 0], [1, 1, 0], 65504],
      [[65504, 16, 0], [1, 1, 0], Number.POSITIVE_INFINITY],
      [[-65504, 1, 0], [2, 1, 0], Number.NEGATIVE_INFINITY],
      [[Number.POSITIVE_INFINITY, 1, 1], [1, 1, 1], Number.POSITIVE_INFINITY],
      [[Number.POSITIVE_INFINITY, 1, 1], [0, 1, 1], Number.NaN],
      [[Number.NaN, 1, 1], [1, 1, 1], Number.NaN],
      [[2 ** -24, 0, 0], [1, 1, 1], 2 ** -24],
      [[2 ** -14, 2 ** -24, 0], [2 ** -10, 1, 0], 2 ** -23],
      [[2 ** -14, 0, 0], [2 ** -11, 1, 1], 0], // between 0 and 2^-24, to the even one
      [[2 ** -14, 0, 0], [3 * 2 ** -11, 1, 1], 2 ** -23],
      [[1, 2 ** -11, 0], [1, 1, 0], 1],
      [[1, 3 * 2 ** -11, 0], [1, 1, 0], 1 + 2 ** -9],
    ];
    const y = product(half(cases.map(([a]) => a)), half(cases.map(([, b]) => b)));
    expect(await data(y)).toEqual(cases.map(([, , wanted]) => wanted));
  });
}

onFloat16("sums of 4096 ones are 4096, forward and in the gradients that have such sums", async () => {
  const [a, b] = [ones([2, 4096]), ones([4096, 3])];
  const [x, w] = [ones([1, 4096, 1, 1]), ones([4, 4096, 1, 1])];
  const [image, filters] = [ones([1, 1, 64, 64]), ones([8, 1, 1, 1])];
  const [q, k, v] = [ones([4096, 4]), ones([1, 4]), ones([1, 4])];
  const [rows, weight] = [ones([4096, 1]), ones([1, 1])];
  F.conv2d(image, filters).sum().backward();
  attend(q, k, v).sum().backward();
  rows.matmul(weight).sum().backward();
  for (const sums of [a.matmul(b), F.conv2d(x, w), filters.grad!, v.grad!, weight.grad!]) {
    expect([sums.dtype, ...new Set(await data(sums))]).toEqual(["float16", 4096]);
  }
});

onFloat16("attention: weights are summed in float32, and values come back to the edges of halves", async () => {
  const values = tensor(
    Array.from({ length: 4096 }, (_, i) => (i < 2048 ? 0 : 2)),
    { dtype: "float16" },
  );
  const [q, k] = [half([[0, 0, 0, 0]]), full([4096, 4], 1, { dtype: "float16" })];
  expect(await data(attend(q, k, values.reshape([4096, 1]).expand([4096, 4])))).toEqual([1, 1, 1, 1]);
  const single = half([
    [65504, -65504, 2 ** -14, 2 ** -24, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NaN],
  ]);
  expect(await data(attend(half([[1, 2, 3, 4]]), half([[300, 300, 300, 300]]), single))).toEqual(await data(single));
});

onFloat16("attention: forward and gradients are those of float32, rounded", async () => {
  manualSeed(3);
  const inputs = [0, 1, 2].map(() => randn([2, 2, 37, 16]).to("float16"));
  const run = async (dtype: "float16" | "float32"): Promise<number[][]> => {
    const [query, key, value] = inputs.map((x) => x.to(dtype).detach().requiresGrad_()) as [Tensor, Tensor, Tensor];
    const y = attend(query, key, value, true);
    y.mul(0.25).sum().backward();
    const all = [y, query.grad!, key.grad!, value.grad!];
    expect(all.map((x) => x.dtype)).toEqual(all.map(() => dtype));
    return Promise.all(all.map(data));
  };
  const [narrow, exact] = [await run("float16"), await run("float32")];
  exact.forEach((wanted, i) => expectClose(narrow[i]!, wanted, 4e-3));
});
