// Indexing beyond PyTorch's samples: repeats, sizes on both sides of the kernels' switches, indices that only the GPU knows,
// changes in place.

import { beforeAll, describe, expect, test } from "vitest";
import {
  arange,
  autograd,
  F,
  full,
  indexPut,
  maskedScatter,
  noGrad,
  OutOfRangeError,
  scatterReduce,
  slice,
  type Tensor,
  take,
  tensor,
  unique,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

beforeAll(openDevice);

const ints = (...values: number[]): Tensor => tensor(values, { dtype: "int32" });

/** The same values, of which the host knows nothing. */
const onGpu = (x: Tensor): Tensor => x.add(0).contiguous();

describe("elements that meet are combined", () => {
  // 16 indices along the dimension are few for the kernels, 1024 fit into workgroup memory.
  const counts = [1, 16, 17, 1024, 1025, 3000];

  test.each(counts)("%i of them in each of two columns", async (count) => {
    const [places, width] = [7, 2];
    const index = Array.from({ length: count * width }, (_, i) => (i * i + 3 * (i % width)) % places);
    const src = numbers([count, width], 1);
    const values = await src.data();
    const wanted = new Float64Array(places * width);
    index.forEach((at, i) => {
      wanted[at * width + (i % width)]! += values[i]!;
    });
    const sum = (): Tensor => zeros([places, width]).scatterAdd(0, ints(...index).reshape([count, width]), src);
    const first = await sum().data();
    expectClose(first, wanted, 1e-5);
    expect(await sum().data()).toEqual(first);
  });

  test.each(counts)("%i rows", async (count) => {
    const index = Array.from({ length: count }, (_, i) => (i * 5) % 3);
    const rows = numbers([count, 4], 2);
    const values = await rows.data();
    const wanted = new Float64Array(3 * 4);
    values.forEach((value: number, i: number) => {
      wanted[index[Math.floor(i / 4)]! * 4 + (i % 4)]! += value;
    });
    const got = await zeros([3, 4])
      .indexAdd(0, onGpu(ints(...index)), rows)
      .data();
    expectClose(got, wanted, 1e-5);
  });

  test("all in one place", async () => {
    const index = zeros([5000], { dtype: "int32" });
    expect(
      await zeros([2])
        .scatterAdd(0, index, full([5000], 0.5))
        .toArray(),
    ).toEqual([2500, 0]);
    const largest = scatterReduce(zeros([2]), 0, index, arange(5000).to("float32"), "amax");
    expect(await largest.toArray()).toEqual([4999, 0]);
  });

  test("without combining, the last one stays and receives the gradient", async () => {
    const src = arange(2000).to("float32").requiresGrad_();
    const index = ints(...Array.from({ length: 2000 }, (_, i) => i % 3));
    const y = zeros([4]).scatter(0, index, src);
    expect(await y.toArray()).toEqual([1998, 1999, 1997, 0]);
    y.sum().backward();
    const grad = await src.grad!.data();
    expect([grad[1996], grad[1997], grad[1998], grad[1999], grad[0]]).toEqual([0, 1, 1, 1, 0]);
  });

  test("bytes wrap, bools are any and all", async () => {
    const index = ints(0, 0, 1);
    const bytes = tensor([200, 100, 7], { dtype: "uint8" });
    expect(await zeros([2], { dtype: "uint8" }).scatterAdd(0, index, bytes).toArray()).toEqual([44, 7]);
    const flags = tensor([true, true, false]);
    expect(await zeros([2], { dtype: "bool" }).scatterAdd(0, index, flags).toArray()).toEqual([1, 0]);
  });
});

test("products meet central differences to the second order where zeros meet", async () => {
  const index = ints(0, 0, 0, 1, 1, 2, 2, 2);
  const x = tensor([2, 3, 0.5], { requiresGrad: true });
  // Places 0, 1 and 2 get one, no, and two zeros.
  const src = tensor([0, 1.5, -2, 2, 3, 0, 0, 1.25], { requiresGrad: true });
  const product: autograd.Checked = (...inputs) => scatterReduce(inputs[0]!, 0, index, inputs[1]!, "prod");
  expect(await autograd.gradcheck(product, [x, src])).toBe(true);
  expect(await autograd.gradgradcheck(product, [x, src])).toBe(true);
});

describe("an index the GPU alone knows", () => {
  const cases: Record<string, [(index: Tensor) => Tensor, RegExp]> = {
    scatter: [(i) => zeros([3]).scatter(0, i, 1), /scatter along dimension 0 of shape \[3\]: index 3 is out of range/],
    index: [(i) => zeros([2, 3]).index(slice(null, null), i), /index along dimension 1 of shape \[2, 3\]: index 3/],
    "index, several": [
      (i) => zeros([3, 3]).index(i, i),
      /index: one of several indices is out of range for shape \[3, 3\]/,
    ],
    indexPut: [(i) => indexPut(zeros([3]), [i], zeros([])), /indexPut along dimension 0 of shape \[3\]: index 3/],
    take: [(i) => take(zeros([3]), i), /take along dimension 0 of shape \[3\]: index 3/],
    oneHot: [(i) => F.oneHot(i, 3), /oneHot along dimension 1 of shape \[2, 3\]: index 3/],
    embedding: [(i) => F.embedding(i, zeros([3, 2])), /embedding along dimension 0 of shape \[3, 2\]: index 3/],
  };
  test.each(Object.entries(cases))("%s", async (_, [use, message]) => {
    const bad = use(onGpu(ints(0, 3)));
    const error = await bad.data().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(OutOfRangeError);
    expect(String(error)).toMatch(message);
    expect(() => use(ints(0, 3))).toThrow(OutOfRangeError);
  });
});

describe("in place", () => {
  test("by indices, by masks, along a dimension", async () => {
    const x = zeros([3, 3]);
    x.indexPut_([ints(0, 2), ints(1, 1)], tensor([5, 6]));
    x.indexFill_(1, ints(-1), 7);
    x.indexAdd_(0, ints(0, 0), tensor([1, 2, 3, 10, 20, 30]).reshape([2, 3]));
    x.scatter_(0, ints(1, 1, 2).reshape([1, 3]), 9);
    x.indexCopy_(1, ints(0), tensor([[4], [4], [4]]));
    x.maskedScatter_(x.eq(9), tensor([1, 2, 3]));
    expect(await x.toArray()).toEqual([
      [4, 27, 40],
      [4, 1, 7],
      [4, 6, 2],
    ]);
  });

  test("what was overwritten receives no gradient, what was put there does", async () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    const values = tensor([10, 20], { requiresGrad: true });
    const y = x.mul(2);
    y.indexPut_([ints(2, 0)], values);
    y.mul(tensor([1, 2, 3]))
      .sum()
      .backward();
    expect(await x.grad!.toArray()).toEqual([0, 4, 0]);
    expect(await values.grad!.toArray()).toEqual([3, 1]);
    expect(() => x.scatter_(0, ints(0), 1)).toThrow("a leaf that requires grad cannot change in place");
    noGrad(() => x.scatter_(0, ints(0), 7));
    expect(await x.toArray()).toEqual([7, 2, 3]);
  });
});

test("embedding shortens rows in use, scales by frequency and spares padding, as PyTorch 1.13 does", async () => {
  const weight = tensor([3, 4, 0.3, 0.4, 6, 8, 5, 12]).reshape([4, 2]).detach().requiresGrad_();
  const options = { maxNorm: 2.5, scaleGradByFreq: true, paddingIdx: -3 };
  const y = F.embedding(ints(0, 2, 0, 1), weight, options);
  y.mul(arange(1, 9).reshape([4, 2]))
    .sum()
    .backward();
  expectClose(await y.data(), [1.5, 2, 1.5, 2, 1.5, 2, 0.3, 0.4], 1e-6);
  expectClose(await weight.data(), [1.5, 2, 0.3, 0.4, 1.5, 2, 5, 12], 1e-6);
  expectClose(await weight.grad!.data(), [3, 4, 0, 0, 3, 4, 0, 0], 1e-6);
});

test("more elements than a workgroup sorts are unique too", async () => {
  const values = Array.from({ length: 5000 }, (_, i) => (i * 7) % 1300);
  const found = await unique(tensor(values), { returnInverse: true, returnCounts: true });
  if (!("counts" in found)) throw new Error("no counts");
  expect(await found.output.data()).toEqual(Float32Array.from({ length: 1300 }, (_, i) => i));
  expect(await found.output.gather(0, found.inverse!).toArray()).toEqual(values);
  expect(await found.counts!.sum().item()).toBe(5000);
});

test("a mask takes from the source in order, however long it is", async () => {
  const flags = Array.from({ length: 3000 }, (_, i) => i % 3 === 1);
  const y = await maskedScatter(zeros([3000]), tensor(flags), arange(3000).to("float32")).data();
  expect([y[0], y[1], y[2], y[4], y[2998]]).toEqual([0, 0, 0, 1, 999]);
});
