// What containers hold, by which names, and what they refuse.

import { beforeAll, describe, expect, test } from "vitest";
import { nn, OutOfRangeError, TapegradError, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

class Times extends nn.Module {
  constructor(readonly factor: number) {
    super();
  }
  forward(x: Tensor): Tensor {
    return x.mul(this.factor);
  }
}

const linear = (): nn.Linear => new nn.Linear(2, 1, { bias: false });
const names = (module: nn.Module): string[] => Object.keys(module.stateDict());

describe("a sequence of named layers", () => {
  test("runs in the order of the names, which are those of the state dict", async () => {
    const net = new nn.Sequential({ encoder: linear(), act: new nn.ReLU(), decoder: new nn.Linear(1, 2) });
    expect(names(net)).toEqual(["encoder.weight", "decoder.weight", "decoder.bias"]);
    expect(net.length).toBe(3);
    expect(net.at(-1)).toBeInstanceOf(nn.Linear);
    expect(net.forward(zeros([5, 2])).shape).toEqual([5, 2]);
  });

  test("refuses names that it has for something else", () => {
    expect(() => new nn.Sequential({ forward: linear() })).toThrow('a layer cannot be called "forward"');
    expect(() => new nn.Sequential({ "a.b": linear() })).toThrow(TapegradError);
  });
});

test("layers can be inserted into a sequence", async () => {
  const net = new nn.Sequential(new Times(2), new Times(3));
  net.insert(1, new Times(5)).insert(-1, new Times(7));
  expect([...net].map((layer) => (layer as Times).factor)).toEqual([2, 5, 7, 3]);
  expect(await net.forward(tensor(1)).item()).toBe(210);
  expect(() => net.insert(5, new Times(1))).toThrow(OutOfRangeError);
  expect(() => new nn.Sequential([linear()] as unknown as nn.Layer)).toThrow("spread it, new nn.Sequential(...layers)");
});

test("a module list is its modules under their positions", () => {
  const list = new nn.ModuleList([linear(), linear()]).append(linear());
  expect(list).toHaveLength(3);
  expect(names(list)).toEqual(["0.weight", "1.weight", "2.weight"]);
  list[1] = new nn.Linear(2, 2);
  expect(names(list)).toEqual(["0.weight", "1.weight", "1.bias", "2.weight"]);
  expect([...list].map(({ outFeatures }) => outFeatures)).toEqual([1, 2, 1]);
  expect(() => list.at(3)).toThrow("ModuleList: position 3 is out of range for 3 members");
  expect(() => list.forward()).toThrow("has no forward of its own");
});

describe("a module dictionary", () => {
  test("may have any names, also those of methods", () => {
    const dict = new nn.ModuleDict<nn.Module>({ forward: linear(), size: new nn.ReLU() });
    expect(names(dict)).toEqual(["forward.weight"]);
    expect(dict.size).toBe(2);
    expect([...dict.keys()]).toEqual(["forward", "size"]);
    dict.set("forward", new nn.Linear(1, 1)).update([["more", linear()]]);
    expect(names(dict)).toEqual(["forward.weight", "forward.bias", "more.weight"]);
    expect(dict.modules()).toHaveLength(4);
    expect(dict.pop("more")).toBeInstanceOf(nn.Linear);
    expect(dict.has("more")).toBe(false);
  });

  test("says what it has when asked for something else", () => {
    const dict = new nn.ModuleDict({ a: linear() });
    expect(() => dict.get("b")).toThrow('ModuleDict: there is no "b"; there are: "a"');
    expect(() => dict.set("b.c", linear())).toThrow("without a dot");
    expect(() => dict.set("b", zeros([1]) as unknown as nn.Linear)).toThrow("takes modules, got a tensor [1]");
  });
});

test("lists and dictionaries of parameters make parameters of tensors", () => {
  class Net extends nn.Module {
    list = new nn.ParameterList([zeros([2]), new nn.Parameter(zeros([3]))]);
    dict = new nn.ParameterDict({ left: zeros([1]), right: zeros([4]) });
    forward(): void {}
  }
  const net = new Net();
  expect(names(net)).toEqual(["list.0", "list.1", "dict.left", "dict.right"]);
  expect(net.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
  net.list.append(zeros([5]));
  expect(net.list[2]).toBeInstanceOf(nn.Parameter);
  expect(`${net.dict}`).toBe("ParameterDict(left: [1], right: [4])");
});
