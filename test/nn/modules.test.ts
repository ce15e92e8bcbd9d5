// What modules find in their fields, what may be replaced, and what a state dict brings back.

import { beforeAll, describe, expect, test } from "vitest";
import { nn, ones, TapegradError, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const linear = (): nn.Linear => new nn.Linear(2, 2);
const names = (module: nn.Module): string[] => Array.from(module.namedParameters(), ([name]) => name);

/** A module with the given field and no forward to speak of. */
class Holder extends nn.Module {
  constructor(readonly held: unknown) {
    super();
  }
  forward(): void {}
}

describe("a module finds", () => {
  test("what arrays hold, however deep", () => {
    const module = new Holder([linear(), [new nn.Parameter(ones([1])), [linear()]]]);
    expect(names(module)).toEqual(["held.1.0", "held.0.weight", "held.0.bias", "held.1.1.0.weight", "held.1.1.0.bias"]);
    expect(Object.keys(module.stateDict())).toEqual(names(module));
    expect(module.eval().modules().map(({ training }) => training)).toEqual([false, false, false]); // biome-ignore format: one claim
  });

  const fix = "use nn.Sequential, an array, or a field of its own";
  const hidden: [what: string, held: () => unknown, where: string][] = [
    ["a plain object", () => ({ encoder: linear() }), "field held.encoder is a Linear in a plain object"],
    [
      "an object without prototype",
      () => Object.assign(Object.create(null), { a: linear() }),
      "field held.a is a Linear",
    ],
    ["a Map", () => new Map([["encoder", linear()]]), "field held.encoder is a Linear in a Map"],
    ["a Map's keys", () => new Map([[linear(), 1]]), "field held.0 is a Linear in a Map"],
    ["a Set", () => new Set([1, new nn.Parameter(ones([1]))]), "field held.1 is a Parameter in a Set"],
    [
      "an object in an array",
      () => [1, { gate: new nn.Buffer(ones([1])) }],
      "field held.1.gate is a Buffer in a plain object",
    ],
    ["an array in an object", () => ({ gates: [linear()] }), "field held.gates.0 is a Linear in a plain object"],
  ];
  test.each(hidden)("nothing in %s, and says so rather than leaving it untrained", (_, held, where) => {
    const module = new Holder(held());
    for (const look of [() => module.parameters(), () => module.stateDict(), () => module.train()]) {
      expect(look).toThrow(TapegradError);
      expect(look).toThrow(`Holder: ${where}`);
      expect(look).toThrow(`where it would not be trained or saved; ${fix}`);
    }
  });

  test("nothing to complain of in other objects, even circular ones", () => {
    const circle: { self?: unknown; list: unknown[] } = { list: [1, "two"] };
    circle.self = circle;
    circle.list.push(circle.list);
    for (const held of [circle, new Map([["a", 1]]), new Set(["b"]), new Date(), { stats: zeros([2]) }, null])
      expect(new Holder(held).parameters()).toEqual([]);
  });

  test("a module that holds itself, once", () => {
    const module = new Holder([]) as nn.Module & { held: unknown[] };
    module.held.push(module, linear());
    expect(names(module)).toEqual(["held.1.weight", "held.1.bias"]);
    expect(Object.keys(module.stateDict())).toEqual(names(module));
  });
});

test("what is inside can be asked for by path, and with or without what is further inside", () => {
  const net = new nn.Sequential({ body: new nn.Sequential(linear(), new nn.BatchNorm1d(2)), head: linear() });
  expect(net.getSubmodule("body.1")).toBeInstanceOf(nn.BatchNorm1d);
  expect(net.getSubmodule("")).toBe(net);
  expect(net.getParameter("body.0.weight")).toBe((net.getSubmodule("body.0") as nn.Linear).weight);
  expect(() => net.getSubmodule("body.2")).toThrow('Sequential: there is no module "body.2"');
  expect(() => net.getParameter("head")).toThrow('there is no parameter "head"');
  expect(net.parameters({ recurse: false })).toEqual([]);
  expect(net.getSubmodule("body.1").parameters({ recurse: false })).toHaveLength(2);
  expect(Array.from(net.namedBuffers(), ([name]) => name).slice(0, 1)).toEqual(["body.1.running_mean"]);
  expect(net.buffers({ recurse: false })).toEqual([]);
});

describe("a layer's tensors can be replaced", () => {
  test("by those of another: tied weights are one parameter with two names", async () => {
    const [a, b] = [linear(), linear()];
    a.weight = b.weight;
    const both = new Holder([a, b]);
    expect(names(both)).toEqual(["held.0.weight", "held.0.bias", "held.1.bias"]);
    expect(Object.keys(both.stateDict())).toEqual(["held.0.weight", "held.0.bias", "held.1.weight", "held.1.bias"]);
    a.forward(ones([1, 2])).add(b.forward(ones([1, 2]))).sum().backward(); // biome-ignore format: one line
    expect(await b.weight.grad!.toArray()).toEqual([[2, 2], [2, 2]]); // biome-ignore format: a matrix
  });

  test("by none", async () => {
    const layer = linear();
    layer.bias = null;
    expect(names(layer)).toEqual(["weight"]);
    expect(await layer.forward(zeros([1, 2])).toArray()).toEqual([[0, 0]]);
    const [conv, norm] = [new nn.Conv2d(1, 1, 1), new nn.BatchNorm2d(1)];
    conv.bias = norm.bias = norm.weight = norm.runningMean = null;
    expect([...names(conv), ...names(norm)]).toEqual(["weight"]);
  });

  test("an embedding by an output layer's", () => {
    const [embedding, head] = [new nn.Embedding(5, 3), new nn.Linear(3, 5)];
    head.weight = embedding.weight;
    expect(new Holder([embedding, head]).parameters()).toHaveLength(2);
  });
});

describe("Sequential", () => {
  /** y = factor x */
  class Scale extends nn.Module {
    constructor(readonly factor: number) {
      super();
    }
    forward(x: Tensor): Tensor {
      return x.mul(this.factor);
    }
  }
  const ten = (net: nn.Sequential): Promise<number> => net.forward(tensor(10)).item();

  test("runs a layer that was put in another's place", async () => {
    const net = new nn.Sequential(new Scale(2), new Scale(3));
    expect(await ten(net)).toBe(60);
    net[0] = new Scale(5);
    expect(await ten(net)).toBe(150);
    expect([...net].map((layer) => (layer as Scale).factor)).toEqual([5, 3]);
  });

  test("grows at its end", async () => {
    const net = new nn.Sequential(new Scale(2)).append(new Scale(3)).append(linear());
    expect(net.length).toBe(3);
    expect(names(net)).toEqual(["2.weight", "2.bias"]);
    net[2] = new Scale(7);
    expect(await ten(net)).toBe(420);
  });

  test("runs on without a layer that was deleted", async () => {
    const net = new nn.Sequential(new Scale(2), new Scale(3), new Scale(5));
    delete net[1];
    expect(net.length).toBe(2);
    expect(await ten(net)).toBe(100);
    net.append(new Scale(7));
    expect(await ten(net)).toBe(700);
  });

  test("of many layers keeps their order", async () => {
    const net = new nn.Sequential(...Array.from({ length: 12 }, (_, i) => new Scale(i)));
    expect([...net].map((layer) => (layer as Scale).factor)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await new nn.Sequential().forward(tensor(10)).item()).toBe(10);
  });
});

describe("batch norm with momentum null", () => {
  const batch = (...values: [number, number, number, number]): Tensor => tensor(values).reshape([2, 2, 1, 1]);

  test("averages over all batches, also those before its state was saved", async () => {
    const first = new nn.BatchNorm2d(2, { momentum: null });
    first.forward(batch(10, 20, 12, 30)); // channel means 11 and 25
    const state = first.stateDict();
    expect(Object.keys(state)).toEqual(["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]);
    const second = new nn.BatchNorm2d(2, { momentum: null });
    second.loadStateDict(state);
    second.forward(batch(20, 40, 32, 50)); // 26 and 45
    // (11 + 26) / 2 and (25 + 45) / 2; PyTorch 1.13 has the same.
    expectClose(await second.runningMean!.data(), [18.5, 35], 1e-6);
    // (2 + 72) / 2 and (50 + 50) / 2
    expectClose(await second.runningVar!.data(), [37, 50], 1e-6);
    expect(await second.numBatchesTracked!.item()).toBe(2);
    second.forward(batch(0, 0, 0, 0));
    expectClose(await second.runningMean!.data(), [37 / 3, 70 / 3], 1e-6);
  });

  test("leaves its statistics alone in eval mode", async () => {
    const norm = new nn.BatchNorm2d(2, { momentum: null, affine: false }).eval();
    expectClose(await norm.forward(batch(1, 2, 3, 4)).data(), [1, 2, 3, 4], 1e-5);
    expect(await norm.numBatchesTracked!.item()).toBe(0);
  });
});
