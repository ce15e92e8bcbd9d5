// What other libraries for training in browsers got wrong when they were measured, one test for each.

import { beforeAll, describe, expect, test } from "vitest";
import { F, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const { NaN: nan } = Number;

async function slopes(f: (x: Tensor) => Tensor, points: readonly number[]): Promise<Float32Array> {
  const x = tensor(points).requiresGrad_();
  f(x).sum().backward();
  return Float32Array.from(await x.grad!.data());
}

describe("derivatives where exp overflows, or underflows", () => {
  test("that of sigmoid at -100 and -89 is 0", async () => {
    expectClose(await slopes((x) => x.sigmoid(), [-100, -89]), [0, 0], 1e-30);
  });

  test("softplus of 100 is 100, with slope 1", async () => {
    expect(await F.softplus(tensor([100])).toArray()).toEqual([100]);
    expect([...(await slopes((x) => F.softplus(x), [100]))]).toEqual([1]);
  });

  test("those of silu, elu and mish at -100 are almost 0, and those of elu and mish at 100 are 1", async () => {
    for (const f of [F.silu, (x: Tensor) => F.elu(x), F.mish]) expectClose(await slopes(f, [-100]), [0], 1e-30);
    for (const f of [(x: Tensor) => F.elu(x), F.mish]) expectClose(await slopes(f, [100]), [1], 1e-6);
  });
});

describe("derivatives at 0", () => {
  test("that of x^2 is 0", async () => {
    expect([...(await slopes((x) => x.pow(2), [0]))]).toEqual([0]);
  });

  test("that of relu is 0", async () => {
    expect([...(await slopes((x) => x.relu(), [0]))]).toEqual([0]);
  });

  test("those of a product with a 0 in it: [0, 6, 0] for 2 * 0 * 3", async () => {
    expect([...(await slopes((x) => x.prod(), [2, 0, 3]))]).toEqual([0, 6, 0]);
  });

  test("a branch that was not taken adds no NaN: sqrt where x > 0", async () => {
    const f = (x: Tensor): Tensor => x.where(x.gt(0), 1).sqrt().where(x.gt(0), 0);
    expectClose(await slopes(f, [-1, 0, 4]), [0, 0, 0.25], 1e-6);
  });
});

describe("digits", () => {
  test("tanh(1e-6) is 1e-6", async () => {
    expectClose([(await tensor([1e-6]).tanh().item()) * 1e6], [1], 3e-7);
  });

  test("log1p(1e-8) is 1e-8, and expm1(1e-6) is 1.0000005e-6", async () => {
    expectClose([(await tensor([1e-8]).log1p().item()) * 1e8], [1], 3e-7);
    expectClose([(await tensor([1e-6]).expm1().item()) * 1e6], [1.0000005], 3e-7);
  });

  test("2^25 ones add up to 2^25", async () => {
    expect(
      await ones([2 ** 25])
        .sum()
        .item(),
    ).toBe(2 ** 25);
  });
});

describe("NaN", () => {
  test("is found, and replaced", async () => {
    const x = tensor([nan, 1]);
    expect(await x.isnan().toArray()).toEqual([1, 0]);
    expect(await zeros([2]).where(x.isnan(), x).toArray()).toEqual([0, 1]);
  });

  test("differs from everything, itself included", async () => {
    const x = tensor([nan, 1]);
    expect(await x.ne(x).toArray()).toEqual([1, 0]);
    expect(await x.ne(0).toArray()).toEqual([1, 1]);
    expect(await x.eq(x).toArray()).toEqual([0, 1]);
  });

  test("survives relu and max", async () => {
    expect(await tensor([nan]).relu().item()).toBeNaN();
    expect(await tensor([1, nan, 2]).max().item()).toBeNaN();
  });

  test("is where argmax points", async () => {
    expect(await tensor([1, nan, 2]).argmax().item()).toBe(1);
  });
});

test("elements that tie for the maximum share its gradient, which sums to 1", async () => {
  expect([...(await slopes((x) => x.amax(), [2, 2, 1]))]).toEqual([0.5, 0.5, 0]);
});

test("an index out of range is an error: gather of 5 from 3", async () => {
  const picked = (index: Tensor): Tensor => tensor([1, 2, 3]).gather(0, index);
  const five = tensor([5], { dtype: "int32" });
  await expect((async () => picked(five).data())()).rejects.toThrow(/5 is out of range/);
  await expect((async () => picked(five.add(0)).data())()).rejects.toThrow(/5 is out of range/); // known to the GPU only
});

test("integers divided by 0 have a defined result", async () => {
  const seven = tensor([7], { dtype: "int32" });
  expect(await seven.div(0).toArray()).toEqual([Infinity]);
  expect(await seven.floorDivide(0).toArray()).toEqual([7]);
});
