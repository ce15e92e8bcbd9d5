// In-place changes of tensors that share memory: seen through all of them, and never at the cost of a wrong gradient.

import { beforeAll, describe, expect, test } from "vitest";
import {
  AutogradError,
  autograd,
  F,
  noGrad,
  ShapeError,
  slice,
  type Tensor,
  tensor,
  unfold,
  zeros,
} from "../../src/index.js";
import { currentDevice } from "../../src/runtime/current.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (values: number[] | number[][]): Tensor => tensor(values, { requiresGrad: true });
const twice = (values: number[] | number[][]): Tensor => leaf(values).mul(2); // not computed yet

describe("a recorded change of a view becomes part of the history of its base", () => {
  const makeViews: Record<string, (x: Tensor) => Tensor> = {
    "view() to the same shape": (x) => x.view([1, 2]),
    "flatten() that changes nothing": (x) => x.flatten(0, 0),
    "squeeze() that changes nothing": (x) => x.squeeze(1),
    "index() of everything": (x) => x.index(),
    "contiguous() of what is contiguous": (x) => x.contiguous(),
    "select()": (x) => x.select(0, 0),
    "unsqueeze() of what was not computed yet": (x) => x.unsqueeze(0),
    "a view of a view": (x) => x.T.unsqueeze(1).index(slice(0, 2), 0),
    "expand() that repeats nothing": (x) => x.expand([1, 1, 2]),
  };

  test.each(Object.entries(makeViews))("%s", async (_, view) => {
    const a = leaf([[1, 2]]);
    const x = a.mul(2);
    const v = view(x);
    expect(v.mul_(3)).toBe(v);
    x.square().sum().backward(); // (6 a)^2
    expect(await a.grad!.toArray()).toEqual([[72, 144]]);
    const b = leaf([[1, 2]]);
    const y = b.mul(2);
    view(y).mul_(3).square().sum().backward();
    expect(await b.grad!.toArray()).toEqual([[72, 144]]);
  });

  test("rows that are put into zeros", async () => {
    const h = leaf([1, 2]);
    const out = zeros([3, 2]);
    for (let i = 0; i < 3; i++) out.select(0, i).copy_(h.mul(i));
    expect(out.requiresGrad).toBe(true);
    out.mul(tensor([[1, 2], [3, 4], [5, 6]])).sum().backward(); // biome-ignore format: weights
    expect(await h.grad!.toArray()).toEqual([3 + 2 * 5, 4 + 2 * 6]);
  });

  test("a part that is overwritten has no gradient, not even where dy is infinite", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    x.select(0, 0).fill_(7);
    const y = x.div(tensor([0, 1]));
    y.sum().backward();
    expect(await a.grad!.toArray()).toEqual([0, 2]);
  });

  test("a part times another part of the same tensor", async () => {
    const a = leaf([2, 3]);
    const x = a.mul(1);
    x.select(0, 0).mul_(x.select(0, 1)); // [a b, b]
    x.sum().backward();
    expect(await a.grad!.toArray()).toEqual([3, 3]);
  });

  test("has second derivatives", async () => {
    const a = leaf([2, 3]);
    const x = a.mul(1);
    x.select(0, 1).mul_(x.select(0, 0).exp()); // e^a b
    const [d] = autograd.grad(x.sum(), [a], { createGraph: true }) as [Tensor];
    d.sum().backward(); // 1 + e^a b + e^a
    const [da, db] = (await a.grad!.toArray()) as number[];
    expect(da).toBeCloseTo(4 * Math.exp(2), 3);
    expect(db).toBeCloseTo(Math.exp(2), 3);
  });

  test.each([
    ["is not in row-major order", () => zeros([2, 2]).T],
    ["has gaps", () => zeros([2, 4]).index(slice(null, null), slice(null, null, 2))],
  ])("of a base that %s", async (_, make) => {
    const a = leaf([5, 6]);
    const base = make().detach();
    const column = base.select(1, 0);
    base.select(0, 1).copy_(a);
    const weighted = base.mul(
      tensor([
        [1, 2],
        [3, 4],
      ]),
    );
    weighted.sum().backward(null, { retainGraph: true });
    expect(await a.grad!.toArray()).toEqual([3, 4]);
    a.grad = null;
    column.mul(7).sum().backward();
    expect(await a.grad!.toArray()).toEqual([7, 0]);
  });

  test("costs a copy of the gradient and a part of it in backward, whatever the base is computed with", async () => {
    const device = currentDevice();
    const dispatches = (rows: number): number => {
      const h = leaf([1, 2]);
      const out = zeros([8, 2]);
      for (let i = 0; i < rows; i++) out.select(0, i).copy_(h);
      const loss = out.sum();
      loss.array.realize();
      const before = device.stats().dispatches;
      loss.backward();
      return device.stats().dispatches - before;
    };
    expect(dispatches(8) - dispatches(2)).toBeLessThanOrEqual(6 * 4); // dy, zeros in its row, dh, and one for their sum
  });

  test("what was saved of another part is still found changed", () => {
    const x = twice([1, 2]);
    const y = x.select(0, 0).square();
    x.select(0, 1).mul_(2);
    expect(() => y.backward()).toThrow(/^backward: square saved its x of shape \[\] at version 0/);
  });

  test("not if the view was detached", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    const detached = x.detach();
    detached.select(0, 0).mul_(leaf([5]).squeeze());
    expect([x.variable?.node?.op.name, detached.requiresGrad]).toEqual(["mul", true]);
    x.sum().backward();
    expect(await x.toArray()).toEqual([10, 4]);
    expect(await a.grad!.toArray()).toEqual([2, 2]);
  });

  test("keeps the tape of the base from a view made under noGrad", async () => {
    const device = currentDevice();
    const w = leaf(new Array(1000).fill(1));
    const kept: Tensor[] = [];
    const run = (): void => {
      const loss = w.mul(2).exp().sum();
      loss.array.realize();
      kept.push(noGrad(() => loss.view([1])));
    };
    run();
    await device.collectGarbage();
    const before = device.stats().bytesLive;
    for (let i = 0; i < 20; i++) run();
    await device.collectGarbage();
    await kept[0]!.item();
    await device.collectGarbage();
    expect(device.stats().bytesLive).toBeLessThan(before + 20 * 256 + 16_384); // a number each, not [1000] each
  });
});

describe("a recorded change cannot be of", () => {
  const refusals: Record<string, [make: (x: Tensor) => Tensor, message: RegExp]> = {
    "a view made under noGrad": [
      (x) => noGrad(() => x.select(0, 0)),
      /^mul_: this tensor is a view \(made by select\), made under noGrad, .*; take the view where the tape records/,
    ],
    "a view of such a view": [(x) => noGrad(() => x.select(0, 0)).view([1, 2]), /^mul_: .*made under noGrad/],
    "a result of split()": [
      (x) => x.split(1)[0]!,
      /^mul_: .*\(made by split\), one of several .*narrow\(\) or select\(\)/,
    ],
    "a result of chunk()": [(x) => x.chunk(2)[0]!, /^mul_: .*one of several/],
    "a result of unbind()": [(x) => x.unbind()[0]!, /^mul_: .*\(made by select\), one of several/],
    "a view of a result of unbind()": [(x) => x.unbind()[0]!.view([2, 1]), /^mul_: .*one of several/],
  };

  test.each(Object.entries(refusals))("%s", (_, [view, message]) => {
    const changes = [
      () => view(twice([[1, 2], [3, 4]])).mul_(3), // biome-ignore format: a matrix
      () => view(zeros([2, 2])).mul_(leaf([1])),
    ];
    for (const change of changes) {
      expect(change).toThrow(AutogradError);
      expect(change).toThrow(message);
    }
    view(zeros([2, 2])).mul_(3);
    noGrad(() => view(twice([[1, 2], [3, 4]])).mul_(3)); // biome-ignore format: a matrix
  });

  test("a view of a leaf that requires grad", async () => {
    const w = leaf([1, 2]);
    const change = (): Tensor => w.view([2, 1]).mul_(3);
    expect(change).toThrow(AutogradError);
    expect(change).toThrow(
      /^mul_: this tensor is a view \(made by view\) of a leaf that requires grad, which cannot change/,
    );
    noGrad(change);
    expect(await w.toArray()).toEqual([3, 6]);
  });

  test("a view of what was expanded", async () => {
    const rows = zeros([1, 2]).expand([3, 2]).detach();
    rows.select(0, 0).add_(1); // is not recorded
    expect(await rows.sum().item()).toBe(6);
    expect(() => rows.select(0, 0).copy_(leaf([1, 2]))).toThrow(
      "copy_: shape [2]: it is a view of a tensor whose elements share memory (clone() it first)",
    );
  });
});

describe("a view from before a recorded change of its base", () => {
  const makeViews: Record<string, (x: Tensor) => Tensor> = {
    "of one element": (x) => x.select(0, 0),
    "of all elements": (x) => x.reshape([2, 1]),
    "of the same shape": (x) => x.view([2]),
    "of a view": (x) => x.unsqueeze(0).narrow(1, 0, 1),
    "that repeats elements": (x) => x.expand([3, 2]),
    "of windows that overlap": (x) => unfold(x.expand([2, 2]), 1, 1, 1),
  };

  test.each(Object.entries(makeViews))("has the new history: %s", async (_, view) => {
    const [a, b] = [leaf([1, 2]), leaf([1, 2])];
    const [x, y] = [a.mul(2), b.mul(2)];
    const v = view(x);
    x.mul_(3);
    y.mul_(3);
    v.square().sum().backward();
    view(y).square().sum().backward();
    expect(await a.grad!.toArray()).toEqual(await b.grad!.toArray());
  });

  test("has the new history where windows overlap", async () => {
    const a = leaf([1, 2, 3, 4]);
    const x = a.mul(1);
    const windows = unfold(x.view([2, 2]).T.contiguous().T.reshape([4]), 0, 3, 1);
    const overlapping = unfold(x, 0, 3, 1); // elements 0, 1, 2 and 1, 2, 3
    x.mul_(2);
    overlapping.mul(tensor([[1, 2, 3], [4, 5, 6]])).sum().backward(); // biome-ignore format: weights
    expect(await a.grad!.toArray()).toEqual([2, 2 * (2 + 4), 2 * (3 + 5), 2 * 6]);
    expect(windows.shape).toEqual([2, 3]);
  });

  test("has the new history where another view changed", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    const [v, w] = [x.view([2, 1]), x.select(0, 1)];
    w.mul_(5);
    v.square().sum().backward(); // (2 a)^2, (10 b)^2
    expect(await a.grad!.toArray()).toEqual([8, 400]);
  });

  test("has the new history where the base is gone", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    const [v, w] = [x.view([2, 1]), x.select(0, 1)];
    x.dispose();
    w.mul_(5);
    v.square().sum().backward();
    expect(await a.grad!.toArray()).toEqual([8, 400]);
  });

  test("has the new history in backward(), hooks and retainGrad()", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    const v = x.select(0, 0);
    x.mul_(3);
    const seen: Tensor[] = [];
    v.registerHook((grad) => void seen.push(grad));
    v.retainGrad();
    v.backward();
    expect(await a.grad!.toArray()).toEqual([6, 0]);
    expect(await seen[0]!.item()).toBe(1);
    expect(await v.grad!.item()).toBe(1);
  });

  test("requires grad where the base did not before", async () => {
    const buffer = zeros([2]);
    const v = buffer.select(0, 0);
    const a = leaf([1, 2]);
    buffer.copy_(a);
    expect([v.requiresGrad, v.isLeaf]).toEqual([true, false]);
    v.mul(2).backward();
    expect(await a.grad!.toArray()).toEqual([2, 0]);
  });

  test("is refused if it was made under noGrad, or with others", () => {
    for (const view of [(x: Tensor) => noGrad(() => x.select(0, 0)), (x: Tensor) => x.unbind()[0]!]) {
      const x = twice([1, 2]);
      const v = view(x);
      x.mul_(3);
      expect(() => v.square()).toThrow(AutogradError);
      expect(() => v.square()).toThrow(
        /^square: mul_ changed a tensor \[2\] in place \(made by mul\), and this tensor \[.*\] is an older view of it .* clone\(\) it first/,
      );
    }
  });

  test("is not what is made under noGrad after the change", async () => {
    const x = twice([1, 2]);
    x.select(0, 0).mul_(3);
    const v = noGrad(() => x.select(0, 0));
    expect(v.requiresGrad).toBe(false);
    expect(await v.add(1).item()).toBe(7);
  });

  test("can be read, detached and used under noGrad", async () => {
    const x = twice([1, 2]);
    const v = x.select(0, 1);
    x.mul_(3);
    expect(await v.item()).toBe(12);
    expect(await v.detach().add(1).item()).toBe(13);
    expect(await noGrad(() => v.add(1)).item()).toBe(13);
  });

  test("is good if the change was not recorded", async () => {
    const w = leaf([1, 2]);
    const v = w.view([2]);
    noGrad(() => w.mul_(3));
    v.square().sum().backward(); // 2 w, at the new w
    expect(await w.grad!.toArray()).toEqual([6, 12]);
  });
});

test("a view made under noGrad does not require grad, of whatever shape", () => {
  expect(noGrad(() => twice([1, 2]).view([2])).requiresGrad).toBe(false);
});

describe("a change to what has no derivative", () => {
  test("is zero to the tape: a comparison", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    x.select(0, 0).gt_(1);
    x.mul(a).sum().backward(); // [a, 2 a^2]
    expect(await a.grad!.toArray()).toEqual([1, 8]);
  });
});

describe("without a tape, a change is seen through", () => {
  const views: Record<string, [make: (x: Tensor) => Tensor, wanted: unknown]> = {
    "a view of the same shape": [(x) => x.view([2]), [6, 12]],
    "a view with another dimension": [(x) => x.reshape([2, 1]), [[6], [12]]],
    "a view of such a view": [(x) => x.reshape([2, 1]).reshape([1, 2, 1]), [[[6], [12]]]],
    "an expansion": [(x) => x.expand([2, 2]), [[6, 12], [6, 12]]], // biome-ignore format: [[6, 12], [6, 12]]
    "a slice of an expansion": [(x) => x.unsqueeze(1).expand([2, 3]).narrow(1, 0, 2), [[6, 6], [12, 12]]], // biome-ignore format: [[6, 6], [12, 12]]
  };

  test.each(Object.entries(views))("%s of what was not computed yet", async (_, [make, wanted]) => {
    const x = tensor([1, 2]).mul(2);
    const before = make(x).add(0);
    const view = make(x);
    x.mul_(3);
    expect(await view.toArray()).toEqual(wanted);
    expect((await before.data())[0]).toBe(2);
  });

  test("the base of a view that was not computed yet, and its other views", async () => {
    const x = tensor([1, 2]).mul(2);
    const [view, other] = [x.reshape([2, 1]), x.reshape([1, 2])];
    x.dispose();
    view.mul_(3);
    expect(await other.toArray()).toEqual([[6, 12]]);
  });

  test("the base of a view of a converted constant", async () => {
    const x = zeros([2, 2]).to("int32");
    x.select(0, 0).add_(1);
    expect(await x.toArray()).toEqual([
      [1, 1],
      [0, 0],
    ]);
  });
});

test("gradients of two leaves share no memory under createGraph", async () => {
  const [a, b] = [leaf([1]), leaf([2])];
  a.add(b).square().sum().backward(null, { createGraph: true });
  noGrad(() => a.grad!.mul_(10));
  expect([await a.grad!.toArray(), await b.grad!.toArray()]).toEqual([[60], [6]]);
});

describe("a tensor whose elements share memory cannot change", () => {
  const targets: Record<string, () => Tensor> = {
    "repeated rows": () => zeros([1, 3]).expand([2, 3]),
    "repeated elements": () => zeros([1]).expand([4]),
    "rows that were not computed yet": () => tensor([1, 2, 3]).mul(2).expand([2, 3]),
    "under noGrad": () => noGrad(() => leaf([1]).expand([4])),
  };

  test.each(Object.entries(targets))("%s", (_, make) => {
    const x = make();
    for (const change of [
      () => noGrad(() => x.add_(1)),
      () => noGrad(() => x.copy_(x.clone())),
      () => noGrad(() => x.zero_()),
    ]) {
      expect(change).toThrow(ShapeError);
      expect(change).toThrow(
        /_: shape \[.*\]: several of its elements share memory \(it was expanded\) \(clone\(\) it first\)/,
      );
    }
  });

  test("but a clone can", async () => {
    expect(
      await zeros([1])
        .expand([4])
        .clone()
        .add_(tensor([1, 2, 3, 4]))
        .toArray(),
    ).toEqual([1, 2, 3, 4]);
  });
});

describe("view()", () => {
  const matrix = (): Tensor => tensor([[1, 2, 3], [4, 5, 6]]); // biome-ignore format: a matrix

  test("shares memory", async () => {
    const a = matrix();
    a.view([3, -1]).zero_();
    expect(await a.sum().item()).toBe(0);
  });

  test("throws where it would have to copy, and names reshape()", async () => {
    const view = (): Tensor => matrix().T.view([6]);
    expect(view).toThrow(ShapeError);
    expect(view).toThrow("view: shape [3, 2]: its elements are not in an order that [6] could be a view of (reshape()");
    expect(await matrix().T.reshape([6]).toArray()).toEqual([1, 4, 2, 5, 3, 6]);
  });

  test("splits a dimension of what is not contiguous", async () => {
    expect(await matrix().T.view([3, 1, 2]).select(0, 1).toArray()).toEqual([[2, 5]]);
  });

  test("says its own name if the sizes do not fit", () => {
    expect(() => matrix().view([4])).toThrow("view: shape [2, 3]: 6 elements cannot take shape [4]");
  });
});

describe("what no other tensor shares memory with is no view", () => {
  const w = (): Tensor => leaf([[1, 2], [3, 4]]); // biome-ignore format: a matrix
  const index = (values: number[] | number[][]): Tensor => tensor(values, { dtype: "int32" });
  const results: Record<string, () => Tensor> = {
    embedding: () => F.embedding(index([[0, 1]]), w()),
    "embedding of a flat index": () => F.embedding(index([0, 1]), w()),
    "index() with a tensor": () => w().index(index([[0], [1]])),
    "index() with a tensor and a number": () => w().index(index([0, 1]), 0),
    "a matrix times a vector": () => w().matmul(tensor([1, 1])),
    "a vector times a matrix": () => tensor([1, 1]).matmul(w()),
    "a vector times a vector": () => leaf([1, 2]).matmul(tensor([1, 1])),
    "max along a dimension": () => w().max(0).values,
    "convolution of one image": () => F.conv2d(tensor([[[1]]]), leaf([[[[1]]]] as never)),
    "the loss of one sample": () => F.crossEntropy(leaf([1, 2]), tensor(1, { dtype: "int32" })),
  };

  test.each(Object.entries(results))("%s", async (_, make) => {
    const [y, wanted] = [make(), make().add(1)];
    expect(await y.add_(1).toArray()).toEqual(await wanted.toArray());
    expect(y.requiresGrad).toBe(true);
  });
});
