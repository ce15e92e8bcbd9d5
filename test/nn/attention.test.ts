// Attention in fused kernels against attention composed of matrix products and softmax, which asking for the weights gives.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, compile, type Device, F, manualSeed, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { attentionFamily } from "../../src/kernels/attention.js";
import { imposing } from "../../src/kernels/variants/choice.js";
import { testVariant } from "../../src/kernels/variants/self-test.js";
import { canRun } from "../../src/kernels/variants/variant.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

type Options = NonNullable<Parameters<typeof F.scaledDotProductAttention>[3]>;
type Arrange = (x: Tensor) => Tensor;

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

/** Output and gradients. */
async function results(
  shapes: readonly number[][],
  options: Options,
  arrange: Arrange = (x) => x,
): Promise<ArrayLike<number>[]> {
  const leaves = shapes.map((shape, i) => numbers(shape, i).mul(2).requiresGrad_());
  const [q, k, v] = leaves.map(arrange) as [Tensor, Tensor, Tensor];
  const [y] = F.scaledDotProductAttention(q, k, v, options);
  y.mul(numbers([...y.shape], 7))
    .sum()
    .backward();
  return Promise.all([y, ...leaves.map(({ grad }) => grad!)].map((x) => x.data()));
}

async function expectSame(shapes: readonly number[][], options: Options = {}, arrange?: Arrange): Promise<void> {
  const fused = await results(shapes, options, arrange);
  const composed = await results(shapes, { ...options, needAttnWeights: true }, arrange);
  fused.forEach((values, i) => expectClose(values, composed[i]!, 1e-5, ["y", "dq", "dk", "dv"][i]));
}

const equal = (shape: number[]): number[][] => [shape, shape, shape];

describe("the fused kernels compute what matrix products and softmax do", () => {
  test.each([1, 3, 8, 31, 33, 70])("for %i positions, with and without a causal mask", async (T) => {
    await expectSame(equal([2, T, 16]));
    await expectSame(equal([2, T, 16]), { isCausal: true });
  });

  test("for sizes that differ", async () => {
    await expectSame([
      [2, 13, 64],
      [2, 37, 64],
      [2, 37, 24],
    ]);
    await expectSame(
      [
        [2, 41, 8],
        [2, 13, 8],
        [2, 13, 12],
      ],
      { isCausal: true },
    );
    await expectSame(
      [
        [2, 13, 4],
        [2, 41, 4],
        [2, 41, 4],
      ],
      { isCausal: true },
    );
  });

  test("for heads that lie between positions, and slices of one matrix", async () => {
    await expectSame(equal([2, 33, 3, 16]), { isCausal: true }, (x) => x.transpose(1, 2));
    await expectSame(equal([2, 9, 3, 20]), {}, (x) => x.narrow(3, 4, 8).transpose(1, 2));
    await expectSame(equal([2, 9, 3, 20]), {}, (x) => x.narrow(3, 1, 8).transpose(1, 2)); // not aligned: copied
  });

  test("for keys and values that heads share", async () => {
    await expectSame([
      [2, 3, 20, 16],
      [33, 16],
      [1, 1, 33, 16],
    ]);
  });

  test("for masks of numbers and of bools", async () => {
    const shapes = [
      [2, 3, 20, 16],
      [2, 3, 33, 16],
      [2, 3, 33, 16],
    ];
    for (const shape of [[20, 33], [3, 20, 33], [2, 1, 1, 33], [33]]) {
      await expectSame(shapes, { attnMask: numbers(shape, 3) });
      await expectSame(shapes, { attnMask: numbers(shape, 3).gt(-0.5) });
    }
  });

  test("when each lane works by itself", async () => {
    const alone = attentionFamily.variants.at(-1)!;
    const run = () =>
      F.scaledDotProductAttention(numbers([3, 37, 8], 0), numbers([3, 37, 8], 1), numbers([3, 37, 8], 2));
    const [fused] = imposing(device, "attention", alone, run);
    const [composed] = F.scaledDotProductAttention(
      numbers([3, 37, 8], 0),
      numbers([3, 37, 8], 1),
      numbers([3, 37, 8], 2),
      {
        needAttnWeights: true,
      },
    );
    expectClose(await fused.data(), await composed.data(), 1e-5);
  });
});

test("the self-test of every variant that this adapter can run", async () => {
  for (const variant of attentionFamily.variants) {
    if (canRun(variant, device)) expect(await testVariant(device, attentionFamily, variant), variant.name).toBe(true);
  }
});

test("a row that may attend to nothing is NaN, and others are not", async () => {
  const attnMask = tensor([
    [1, 0, 0, 1],
    [0, 0, 0, 0],
    [0, 1, 0, 0],
  ]).gt(0);
  const [y] = F.scaledDotProductAttention(numbers([3, 4], 0), numbers([4, 4], 1), numbers([4, 4], 2), { attnMask });
  const values = [...(await y.data())];
  expect(values.map(Number.isNaN)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0].map(Boolean));
});

test("columns that are masked out at first do not count when others follow", async () => {
  const attnMask = tensor(Float32Array.from({ length: 80 }, (_, i) => (i < 70 ? Number.NEGATIVE_INFINITY : 0)));
  await expectSame(
    [
      [1, 5, 8],
      [1, 80, 8],
      [1, 80, 8],
    ],
    { attnMask },
  );
});

test("NaN reaches the rows that attend to it, and infinite scores give NaN", async () => {
  const at = (x: Tensor, place: number, value: number): Promise<Tensor> =>
    x.data().then((data) => tensor(Float32Array.from(data).with(place, value)).reshape([...x.shape]));
  const k = numbers([40, 4], 1);
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const [y] = F.scaledDotProductAttention(
      numbers([40, 4], 0).abs(),
      await at(k, 36 * 4, value),
      numbers([40, 4], 2),
      {
        isCausal: true,
      },
    );
    const isNaNs = [...(await y.data())].map(Number.isNaN);
    expect(isNaNs).toEqual(isNaNs.map((_, i) => i >= 36 * 4));
  }
});

test("large scores stay finite", async () => {
  const [y] = F.scaledDotProductAttention(numbers([9, 8], 0).mul(1e4), numbers([9, 8], 1).mul(1e4), numbers([9, 8], 2));
  expect([...(await y.data())].every(Number.isFinite)).toBe(true);
});

test("the matrix of weights is not in memory unless it is asked for", async () => {
  const [B, T, E] = [2, 512, 8];
  const [q, k, v] = [0, 1, 2].map((i) => numbers([B, T, E], i)) as [Tensor, Tensor, Tensor];
  for (const x of [q, k, v]) x.array.realize();
  const before = device.stats().bytesLive;
  const pair = F.scaledDotProductAttention(q, k, v);
  expect(device.stats().bytesLive - before).toBeLessThan(B * T * T);
  const [y, weights] = pair;
  expect(weights.shape).toEqual([B, T, T]);
  expectClose(await weights.matmul(v).data(), await y.data(), 1e-5);
});

test("a query that attends to one key alone has exactly no gradient for either", async () => {
  const [q, k, v] = [0, 1, 2].map((i) => numbers([3, 1, 8], i).mul(9).detach().requiresGrad_()) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const [y] = F.scaledDotProductAttention(q, k, v);
  const [dq, dk] = autograd.grad([y.mul(numbers([3, 1, 8], 3)).sum()], [q, k]);
  for (const dx of [dq!, dk!]) expect([...(await dx.abs().data())]).toEqual(new Array(24).fill(0));
});

describe("dropout", () => {
  /** Output and gradients, of the same draw each time. */
  async function dropped(shape: readonly number[], options: Options): Promise<ArrayLike<number>[]> {
    manualSeed(5);
    return results(equal([...shape]), { dropoutP: 0.4, ...options });
  }

  test.each([
    [[2, 16, 8], {}],
    [[2, 37, 16], {}],
    [[3, 2, 33, 12], { isCausal: true }],
    [[1, 70, 64], {}],
  ] as const)(
    "%j %j: the fused kernels leave out the weights that are left out of the matrix",
    async (shape, options) => {
      const fused = await dropped(shape, options);
      const composed = await dropped(shape, { ...options, needAttnWeights: true });
      fused.forEach((values, i) => expectClose(values, composed[i]!, 1e-5, ["y", "dq", "dk", "dv"][i]));
    },
  );

  test("keeps as many weights as it should, and their mean", async () => {
    manualSeed(1);
    const [q, k, v] = [zeros([64, 8]), zeros([100, 8]), ones([100, 4])];
    const [y, weights] = F.scaledDotProductAttention(q, k, v, { dropoutP: 0.25 });
    const kept = await weights.gt(0).to("float32").mean().item();
    expect(Math.abs(kept - 0.75)).toBeLessThan(0.03); // 5 standard deviations of 6,400 draws
    expectClose(await weights.amax().data(), [1 / 75], 1e-6);
    expectClose(await y.select(1, 0).data(), await weights.sum(1).data(), 1e-6); // the same weights
  });

  test("of everything gives zeros", async () => {
    const [q, k, v] = [numbers([5, 8], 0), numbers([6, 8], 1), numbers([6, 4], 2)];
    expect(Math.max(...(await F.scaledDotProductAttention(q, k, v, { dropoutP: 1 })[0].data()))).toBe(0);
    expect(() => F.scaledDotProductAttention(q, k, v, { dropoutP: 1.5 })).toThrow("scaledDotProductAttention");
  });

  test("second derivatives", async () => {
    const leaves = equal([1, 5, 4]).map((shape, i) => numbers(shape, i).requiresGrad_());
    const attend = (...[q, k, v]: Tensor[]): Tensor => {
      manualSeed(9);
      return F.scaledDotProductAttention(q!, k!, v!, { dropoutP: 0.3 })[0];
    };
    expect(await autograd.gradcheck(attend, leaves)).toBe(true);
    expect(await autograd.gradgradcheck(attend, leaves)).toBe(true);
  });

  test("replayed steps leave out others each time, and equal what is computed eagerly", async () => {
    const [q, k, v] = equal([2, 24, 8]).map((shape, i) => numbers(shape, i)) as [Tensor, Tensor, Tensor];
    const weight = ones([8]).requiresGrad_();
    const step = (): [Tensor, Tensor] => {
      weight.grad = null;
      const [y] = F.scaledDotProductAttention(q.mul(weight), k, v, { dropoutP: 0.5 });
      const loss = y.square().sum();
      loss.backward();
      return [loss.detach(), weight.grad!.clone()];
    };
    const run = async (call: () => Tensor[]): Promise<number[][]> => {
      manualSeed(3);
      const rounds = [];
      for (let i = 0; i < 4; i++) rounds.push((await Promise.all(call().map((x) => x.data()))).flatMap((x) => [...x]));
      return rounds;
    };
    const eager = await run(step);
    const replayed = await run(compile(step));
    expect(replayed).toEqual(eager);
    expect(new Set(eager.map(([loss]) => loss)).size).toBe(4);
  });
});
