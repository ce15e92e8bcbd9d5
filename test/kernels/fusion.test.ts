// Whatever is fused with whatever, and whoever still holds what is in between, the numbers are those of one operation at
// a time.

import { beforeAll, describe, expect, test } from "vitest";
import { below, Generator } from "../../src/core/philox.js";
import { cat, ellipsis, slice, type Tensor, tensor, where } from "../../src/index.js";
import { currentDevice } from "../../src/runtime/current.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

describe("a kernel and what follows it differ in type", () => {
  test.each([5, 200])("%s rows", async (rows) => {
    const x = tensor(Array.from({ length: rows }, (_, i) => [i % 3, 1, (2 * i) % 5, 0]));
    const most = Array.from({ length: rows }, (_, i) => [i % 3, 1, (2 * i) % 5, 0]).map((row) =>
      row.indexOf(Math.max(...row)),
    );
    const found = x.argmax(1); // int32
    const isFirst = found.eq(0); // bool
    const half = isFirst.to("float32").mul(0.5).add(found);
    expect(await half.toArray()).toEqual(most.map((index) => index + (index === 0 ? 0.5 : 0)));
    expect(await isFirst.toArray()).toEqual(most.map((index) => Number(index === 0)));
    expect(await found.toArray()).toEqual(most);
    expect(
      await x
        .argmax(1)
        .eq(tensor(most, { dtype: "int32" }))
        .sum()
        .item(),
    ).toBe(rows);
  });
});

test("an operand that was computed in the meantime is one buffer more", async () => {
  const { maxStorageBuffersPerShaderStage } = currentDevice().limits;
  const leaves = Array.from({ length: maxStorageBuffersPerShaderStage - 1 }, (_, i) => tensor([i, 1]));
  const sums = [leaves[0]!.add(leaves[1]!), leaves[1]!.add(leaves[2]!)];
  const all = leaves.reduce((sum, leaf) => sum.add(leaf), sums[0]!.mul(sums[1]!));
  for (const sum of sums) await sum.data();
  const [first, n] = [leaves.length, leaves.length - 1];
  expect(await all.toArray()).toEqual([(n * (n + 1)) / 2 + 1 * 3, first + 4]);
});

type Step = (pick: () => Tensor, random: (n: number) => number) => Tensor;

const [H, W] = [6, 8];
const steps: Record<string, Step> = {
  add: (pick) => pick().add(pick()),
  mul: (pick) => pick().mul(pick()),
  sub: (pick) => pick().sub(pick().mean(1, { keepdim: true })),
  tanh: (pick) => pick().tanh(),
  relu: (pick) => pick().relu(),
  where: (pick) => where(pick().gt(0.1), pick(), pick().neg()),
  compare: (pick) => pick().lt(pick()).to("float32"),
  quantize: (pick) => pick().mul(7).to("int32").remainder(5).to("float32").div(5),
  rowSums: (pick) => pick().sum(1, { keepdim: true }).tanh().expand([H, W]),
  columnMeans: (pick) => pick().mean(0).add(1).reshape([1, W]).expand([H, W]),
  argmax: (pick) => pick().argmax(1, { keepdim: true }).eq(3).to("float32").expand([H, W]).sub(0.25),
  softmax: (pick) => pick().softmax(1),
  matmul: (pick) => pick().matmul(pick().T).tanh().matmul(pick()).tanh(),
  transpose: (pick) => pick().T.reshape([H, W]).contiguous(),
  halves: (pick) => cat([pick().narrow(0, 3, 3), pick().narrow(0, 0, 3)], 0),
  strided: (pick) => {
    const y = pick();
    return cat([y.index(ellipsis, slice(0, null, 2)), y.index(ellipsis, slice(1, null, 2))], 1);
  },
  copyInto: (pick, random) => {
    const y = pick().clone();
    y.select(0, random(H)).mul_(0.5);
    return y;
  },
  addInto: (pick) => pick().clone().add_(pick()),
};

/** Runs a random program; each step reads up to 3 of the results so far, of which some are dropped on the way. */
async function run(seed: number, isEager: boolean): Promise<ArrayLike<number>[]> {
  const next = new Generator(seed).words();
  const random = (n: number): number => below(next, n);
  const names = Object.keys(steps);
  const values: Tensor[] = [0, 1].map((k) => {
    return tensor(
      Array.from({ length: H }, (_, i) => Array.from({ length: W }, (_, j) => Math.sin(seed + k + i * W + j))),
    );
  });
  for (let i = 0; i < 12; i++) {
    const pick = (): Tensor => values[random(values.length)]!;
    const y = steps[names[random(names.length)]!]!(pick, random);
    if (isEager) await y.data();
    if (random(3) === 0) values.splice(random(values.length), 1)[0]!.dispose();
    values.push(y);
  }
  const results: ArrayLike<number>[] = [];
  while (values.length > 0) results.push(await values.splice(random(values.length), 1)[0]!.data());
  return results;
}

test.each(Array.from({ length: 100 }, (_, seed) => seed))("random program %i", async (seed) => {
  const [fused, eager] = [await run(seed, false), await run(seed, true)];
  expect(fused.length).toBe(eager.length);
  fused.forEach((values, i) => expectClose(values, eager[i]!, 1e-5));
});
