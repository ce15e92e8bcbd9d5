// State dicts that do not fit the optimizer or scheduler they are loaded into, and options that there are not.

import { beforeAll, describe, expect, test } from "vitest";
import { compile, full, ones, optim, type Tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

const parameter = (size = 3): Tensor => ones([size], { requiresGrad: true });

/** After one step, with the gradient 1. */
function stepped<O extends { step(): void; readonly paramGroups: { params: readonly Tensor[] }[] }>(optimizer: O): O {
  for (const { params } of optimizer.paramGroups) for (const param of params) param.grad = ones(param.shape);
  optimizer.step();
  return optimizer;
}

describe("a state dict", () => {
  test("of another optimizer is refused, and changes nothing", async () => {
    const sgd = stepped(new optim.SGD([parameter()], { lr: 0.1, momentum: 0.9 }));
    const adam = stepped(new optim.Adam([parameter()]));
    const before = { ...adam.paramGroups[0] };
    expect(() => adam.loadStateDict(sgd.stateDict() as never)).toThrow(
      "loadStateDict: the state is not Adam's: group 0 has options momentum, dampening and nesterov of another, and lacks betas",
    );
    const mixed = { ...adam.stateDict(), state: sgd.stateDict().state };
    expect(() => adam.loadStateDict(mixed)).toThrow(
      "loadStateDict: the state is not Adam's: has momentumBuffer, wants expAvg and expAvgSq (parameter 0)",
    );
    const plain = stepped(new optim.SGD([parameter()], { lr: 0.1 }));
    const withoutBuffer = { ...sgd.stateDict(), state: plain.stateDict().state };
    expect(() => sgd.loadStateDict(withoutBuffer)).toThrow("has none, wants momentumBuffer");
    expect(adam.paramGroups[0]).toEqual(before);
    const moments = adam.stateDict().state[0]!["expAvg"] as Tensor;
    expect(await moments.sum().item()).toBeCloseTo(0.3);
  });

  test("with a tensor of another shape is refused, also one that could be broadcast", () => {
    const [one, three] = [1, 3].map((size) => stepped(new optim.Adam([parameter(size)], { lr: size }))) as [
      optim.Adam,
      optim.Adam,
    ];
    expect(() => three.loadStateDict(one.stateDict())).toThrow(
      "loadStateDict: expAvg of parameter 0 is [3] here and [1] in the state",
    );
    expect(three.paramGroups[0]!.lr).toBe(3);
  });

  test("that is none is refused", () => {
    const adam = new optim.Adam([parameter()]);
    for (const none of [{}, null, undefined, 3, { state: [], paramGroups: [] }])
      expect(() => adam.loadStateDict(none as never)).toThrow("loadStateDict: takes Adam's stateDict()");
    const { paramGroups } = adam.stateDict();
    expect(() => adam.loadStateDict({ state: { 1: { step: 1 } }, paramGroups })).toThrow("the state has a parameter 1");
    expect(() => adam.loadStateDict({ state: { 0: { step: -1 } }, paramGroups })).toThrow(
      "step of parameter 0 must be",
    );
    const nothing = null as unknown as number;
    expect(() => adam.loadStateDict({ state: {}, paramGroups: [{ ...paramGroups[0]!, lr: nothing }] })).toThrow(
      "Adam: lr must be 0 or more, got null",
    );
    const lbfgs = new optim.LBFGS([parameter()]);
    const groups = lbfgs.stateDict().paramGroups;
    expect(() => lbfgs.loadStateDict(adam.stateDict() as never)).toThrow("the state is not LBFGS's");
    expect(() => lbfgs.loadStateDict({ state: { 0: {} }, paramGroups: groups } as never)).toThrow("lacks funcEvals");
    const memory = { funcEvals: 1, nIter: 1, oldDirs: [], oldStps: [], ro: [], hDiag: 1, d: zeros([2]) };
    expect(() => lbfgs.loadStateDict({ state: { 0: memory }, paramGroups: groups })).toThrow(
      "d is [3] here and [2] in the state",
    );
  });
});

describe("options of an optimizer", () => {
  // biome-ignore lint/suspicious/noExplicitAny: what JavaScript lets through
  const { SGD, Adam, LBFGS } = optim as any;

  test("that there are not are named, with the one that was meant", () => {
    expect(() => new SGD([parameter()], { lr: 0.1, weight_decay: 0.1 })).toThrow(
      'SGD: there is no option "weight_decay": use weightDecay',
    );
    expect(() => new SGD([{ params: [parameter()], lrs: 1 }], { lr: 0.1 })).toThrow(
      'SGD: there is no option "lrs": use lr; there are params, lr, momentum',
    );
    expect(() => new Adam([parameter()]).addParamGroup({ params: [parameter()], beta1: 0.9 })).toThrow("beta1");
    expect(new SGD([{ params: [parameter()], lr: 1, initialLr: 2 }]).paramGroups[0].initialLr).toBe(2);
  });

  test("are numbers, in an object", () => {
    expect(() => new SGD([parameter()], { lr: null })).toThrow("SGD: lr must be 0 or more, got null");
    expect(() => new SGD([parameter()], { lr: "0.1" })).toThrow('SGD: lr must be 0 or more, got "0.1"');
    expect(() => new Adam([parameter()], 0.1)).toThrow("Adam: takes optional arguments in an object");
    expect(() => new LBFGS([parameter()], 1)).toThrow("LBFGS: takes optional arguments in an object");
    expect(new Adam([parameter()], null).defaults.lr).toBe(1e-3);
  });
});

describe("an option that changes what is remembered", () => {
  const run = async (optimizer: { step(): void }, w: Tensor, size: number, isCompiled: boolean): Promise<number> => {
    w.grad = full([1], size);
    const known = steps.get(optimizer) ?? (isCompiled ? compile(() => optimizer.step()) : () => optimizer.step());
    steps.set(optimizer, known);
    known();
    return w.item();
  };
  const steps = new Map<object, () => void>();

  test.each([false, true])("keeps the rest, compiled: %s", async (isCompiled) => {
    const w = parameter(1);
    const rmsprop = new optim.RMSprop([w], { lr: 0.1, alpha: 0.5, eps: 0, momentum: 0.9 });
    const [group] = rmsprop.paramGroups as [(typeof rmsprop.paramGroups)[0]];
    // squareAvg = 4 / 2, so w = 1 - 0.1 * 2 / sqrt(2)
    expect(await run(rmsprop, w, 2, isCompiled)).toBeCloseTo(1 - 0.1 * Math.SQRT2, 6);
    group.momentum = 0;
    group.centered = true;
    // squareAvg = (2 + 4) / 2 and gradAvg = (0 + 2) / 2, so w -= 0.1 * 2 / sqrt(3 - 1)
    expect(await run(rmsprop, w, 2, isCompiled)).toBeCloseTo(1 - 0.2 * Math.SQRT2, 6);
    expect(Object.keys(rmsprop.stateDict().state[0]!)).toEqual(["step", "squareAvg", "gradAvg"]);
    expect(await (rmsprop.stateDict().state[0]!["gradAvg"] as Tensor).item()).toBe(1);

    const v = parameter(1);
    const adam = new optim.Adam([v], { lr: 0.1 });
    await run(adam, v, 1, isCompiled);
    adam.paramGroups[0]!.amsgrad = true;
    expect(await run(adam, v, 1, isCompiled)).toBeCloseTo(0.8, 5); // a constant gradient: each step is lr
  });

  test.each([false, true])("begins SGD's velocity with the gradient, compiled: %s", async (isCompiled) => {
    const w = parameter(1);
    const sgd = new optim.SGD([w], { lr: 0.1, dampening: 0.5 });
    await run(sgd, w, 1, isCompiled); // w = 0.9
    sgd.paramGroups[0]!.momentum = 0.9;
    expect(await run(sgd, w, 1, isCompiled)).toBeCloseTo(0.8, 6); // velocity 1
    expect(await run(sgd, w, 1, isCompiled)).toBeCloseTo(0.66, 6); // velocity 0.9 + 0.5
  });
});
