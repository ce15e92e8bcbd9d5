// In-place changes of tensors that share memory: seen through all of them, and never at the cost of a wrong gradient.

import { beforeAll, describe, expect, test } from "vitest";
import { AutogradError, F, noGrad, ShapeError, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const leaf = (values: number[] | number[][]): Tensor => tensor(values, { requiresGrad: true });
const twice = (values: number[] | number[][]): Tensor => leaf(values).mul(2); // not computed yet

describe("while the tape records, a view cannot change", () => {
  const views: Record<string, (x: Tensor) => Tensor> = {
    "view() to the same shape": (x) => x.view([1, 2]),
    "flatten() that changes nothing": (x) => x.flatten(0, 0),
    "squeeze() that changes nothing": (x) => x.squeeze(1),
    "index() of everything": (x) => x.index(),
    "contiguous() of what is contiguous": (x) => x.contiguous(),
    "select()": (x) => x.select(0, 0),
    "unsqueeze() of what was not computed yet": (x) => x.unsqueeze(0),
    "what was made under noGrad": (x) => noGrad(() => x.select(0, 0)),
  };

  test.each(Object.entries(views))("%s", (_, view) => {
    const x = twice([[1, 2]]);
    const change = (): Tensor => view(x).mul_(3);
    expect(change).toThrow(AutogradError);
    expect(change).toThrow(/^mul_: this tensor is a view \(made by \w+\).*clone\(\) it first/);
  });

  test("if another operand requires grad", () => {
    expect(() =>
      zeros([2, 2])
        .select(0, 0)
        .copy_(leaf([1, 2])),
    ).toThrow("copy_: this tensor is a view");
  });

  test("a view of a leaf", () => {
    expect(() => leaf([1, 2]).view([2]).mul_(3)).toThrow("mul_: this tensor is a view (made by view)");
  });

  test("a clone can", async () => {
    const a = leaf([1, 2]);
    a.mul(2).view([2]).clone().mul_(3).sum().backward();
    expect(await a.grad!.toArray()).toEqual([6, 6]);
  });
});

describe("a view from before a recorded change of its base", () => {
  const makeViews: Record<string, (x: Tensor) => Tensor> = {
    "of one element": (x) => x.select(0, 0),
    "of all elements": (x) => x.reshape([2, 1]),
    "of the same shape": (x) => x.view([2]),
    "of a view": (x) => x.unsqueeze(0).narrow(1, 0, 1),
    "made under noGrad": (x) => noGrad(() => x.select(0, 0)),
  };

  test.each(Object.entries(makeViews))("is refused by operations: %s", (_, view) => {
    const x = twice([1, 2]);
    const v = view(x);
    x.mul_(3);
    expect(() => v.square()).toThrow(AutogradError);
    expect(() => v.square()).toThrow(
      /^square: mul_ changed a tensor \[2\] in place \(made by mul\), and this tensor \[.*\] is an older view of it .* clone\(\) it before/,
    );
  });

  test("is refused by backward(), hooks and retainGrad()", () => {
    const x = twice([1, 2]);
    const v = x.select(0, 0);
    x.mul_(3);
    expect(() => v.backward()).toThrow("backward: mul_ changed a tensor [2] in place");
    expect(() => v.registerHook(() => undefined)).toThrow("registerHook: mul_ changed");
    expect(() => v.retainGrad()).toThrow("retainGrad: mul_ changed");
  });

  test("is refused where the base did not require grad before", () => {
    const buffer = zeros([2]);
    const v = buffer.select(0, 0);
    buffer.copy_(leaf([1, 2]));
    expect(() => v.mul(2)).toThrow("mul: copy_ changed a tensor [2] in place (made by zeros), and this tensor []");
  });

  test("can be read, detached and used under noGrad", async () => {
    const x = twice([1, 2]);
    const v = x.select(0, 1);
    x.mul_(3);
    expect(await v.item()).toBe(12);
    expect(await v.detach().add(1).item()).toBe(13);
    expect(await noGrad(() => v.add(1)).item()).toBe(13);
  });

  test("taken again has the new history", async () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    x.select(0, 0);
    x.mul_(3);
    x.select(0, 0).backward();
    expect(await a.grad!.toArray()).toEqual([6, 0]);
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
