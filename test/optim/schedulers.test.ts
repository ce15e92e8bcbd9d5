// Learning rates against PyTorch's, and what they cost.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { judgeSchedulers, type SchedulersFile } from "../../parity/schedulers.js";
import { type Device, ones, optim } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

const goldens = JSON.parse(
  readFileSync(new URL("../goldens/schedulers.json", import.meta.url), "utf8"),
) as SchedulersFile & { readonly composed: Readonly<Record<string, readonly number[]>> };
const { lrScheduler, swaUtils } = optim;

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

function sgd(): optim.SGD {
  return new optim.SGD([ones([1], { requiresGrad: true })], { lr: 0.2, momentum: 0.9 });
}

/** The rates of some steps. */
function rates({ paramGroups }: optim.SGD, scheduler: { step(): void }, steps = 14): number[] {
  return Array.from({ length: steps }, (_, i) => {
    if (i > 0) scheduler.step();
    return paramGroups[0]!.lr;
  });
}

test.each(goldens.cases.map((golden) => [`${golden.scheduler} ${JSON.stringify(golden.args)}`, golden] as const))(
  "%s takes PyTorch's rates and momenta",
  (_, golden) => {
    expect([...judgeSchedulers({ cases: [golden] })].flatMap(({ failures }) => failures)).toEqual([]);
  },
);

const composed: Record<string, (optimizer: optim.SGD) => { step(): void }> = {
  lambda: (optimizer) => new lrScheduler.LambdaLR(optimizer, (epoch) => 0.9 ** epoch),
  multiplicative: (optimizer) => new lrScheduler.MultiplicativeLR(optimizer, [(epoch) => 1 - (0.1 * epoch) / 14]),
  sequential: (optimizer) => {
    const warmup = new lrScheduler.LinearLR(optimizer, { startFactor: 0.1, totalIters: 4 });
    const cosine = new lrScheduler.CosineAnnealingLR(optimizer, 6);
    const tail = new lrScheduler.ExponentialLR(optimizer, 0.9);
    return new lrScheduler.SequentialLR(optimizer, [warmup, cosine, tail], [4, 9]);
  },
  chained: (optimizer) => {
    const warmup = new lrScheduler.ConstantLR(optimizer, { factor: 0.5, totalIters: 4 });
    return new lrScheduler.ChainedScheduler([warmup, new lrScheduler.ExponentialLR(optimizer, 0.9)]);
  },
  swa: (optimizer) => new swaUtils.SWALR(optimizer, 0.05, { annealEpochs: 5 }),
  swaLinear: (optimizer) => new swaUtils.SWALR(optimizer, 0.05, { annealEpochs: 3, annealStrategy: "linear" }),
};

test.each(Object.entries(composed))("%s takes PyTorch's rates", (name, make) => {
  const optimizer = sgd();
  expectClose(rates(optimizer, make(optimizer)), goldens.composed[name]!, 1e-11);
});

describe("a state dict", () => {
  const all = {
    ...composed,
    restarts: (optimizer: optim.SGD) => new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 3, { TMult: 2 }),
    oneCycle: (optimizer: optim.SGD) => new lrScheduler.OneCycleLR(optimizer, 0.5, { totalSteps: 20 }),
    polynomial: (optimizer: optim.SGD) => new lrScheduler.PolynomialLR(optimizer, { totalIters: 9 }),
  };
  test.each(Object.entries(all))("of %s goes through JSON and continues", (_, make) => {
    const [first, second] = [sgd(), sgd()];
    const scheduler = make(first) as optim.lrScheduler.Scheduler & { step(): void };
    rates(first, scheduler, 6);
    const resumed = make(second) as typeof scheduler;
    resumed.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
    second.loadStateDict(first.stateDict());
    expect(resumed.getLastLr()).toEqual(scheduler.getLastLr());
    expect(rates(second, resumed, 6)).toEqual(rates(first, scheduler, 6));
    expect(second.paramGroups[0]!.momentum).toBe(first.paramGroups[0]!.momentum);
  });

  test("of ReduceLROnPlateau too", () => {
    const [first, second] = [sgd(), sgd()];
    const [scheduler, resumed] = [first, second].map(
      (optimizer) => new lrScheduler.ReduceLROnPlateau(optimizer, { patience: 1 }),
    ) as [optim.lrScheduler.ReduceLROnPlateau, optim.lrScheduler.ReduceLROnPlateau];
    for (const metric of [1, 2]) scheduler.step(metric);
    resumed.loadStateDict(JSON.parse(JSON.stringify(scheduler.stateDict())));
    for (const one of [scheduler, resumed]) one.step(3);
    expect(resumed.getLastLr()).toEqual(scheduler.getLastLr());
    expect(second.paramGroups[0]!.lr).toBeCloseTo(0.02);
  });
});

test("a run goes on from lastEpoch", () => {
  const [first, second] = [sgd(), sgd()];
  rates(first, new lrScheduler.CosineAnnealingLR(first, 9), 5);
  expect(() => new lrScheduler.CosineAnnealingLR(second, 9, { lastEpoch: 3 })).toThrow("group 0 has no initialLr");
  second.loadStateDict(first.stateDict());
  const resumed = new lrScheduler.CosineAnnealingLR(second, 9, { lastEpoch: 3 });
  expect(resumed.lastEpoch).toBe(4);
  expectClose(resumed.getLastLr(), [first.paramGroups[0]!.lr], 1e-12);
});

test("rates and momenta that change neither compile, launch nor read anything more", async () => {
  const w = ones([4], { requiresGrad: true });
  const optimizer = new optim.SGD([w], { lr: 0.2, momentum: 0.9 });
  const scheduler = new lrScheduler.OneCycleLR(optimizer, 0.5, { totalSteps: 12 });
  const costs: unknown[] = [];
  let before = device.stats();
  for (let step = 0; step < 10; step++) {
    w.grad = ones([4]).clone();
    await w.data();
    before = device.stats();
    optimizer.step();
    scheduler.step();
    const { dispatches, shaderModulesCreated, pipelinesCreated, readbacks, uploads } = device.stats();
    if (step < 2) continue;
    costs.push([
      dispatches - before.dispatches,
      shaderModulesCreated - before.shaderModulesCreated,
      pipelinesCreated - before.pipelinesCreated,
      readbacks - before.readbacks,
      uploads - before.uploads,
    ]);
  }
  expect(costs).toEqual(costs.map(() => [2, 0, 0, 0, 0])); // the update, and the gradient that this test makes
});

test("errors name the scheduler and what is wrong", () => {
  const optimizer = sgd();
  expect(() => new lrScheduler.StepLR(optimizer, 0)).toThrow(
    "StepLR: stepSize must be a whole number from 1 on, got 0",
  );
  expect(() => new lrScheduler.LambdaLR(optimizer, [])).toThrow("LambdaLR: got 0 values for 1 parameter groups");
  expect(() => new lrScheduler.OneCycleLR(optimizer, 1)).toThrow(
    "OneCycleLR: needs totalSteps, or epochs and stepsPerEpoch",
  );
  const adagrad = new optim.Adagrad([ones([1], { requiresGrad: true })]);
  expect(() => new lrScheduler.OneCycleLR(adagrad, 1, { totalSteps: 3 })).toThrow("has no momentum");
  expect(() => new lrScheduler.SequentialLR(optimizer, [], [])).toThrow("takes schedulers of one optimizer");
});

describe("what JavaScript lets through is refused", () => {
  // biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
  const any = { ...lrScheduler, ...swaUtils } as any;
  test.each<[string, (optimizer: optim.SGD) => unknown, string]>([
    ["mode", (o) => new any.ReduceLROnPlateau(o, { mode: "mn" }), 'mode "mn" is not known; there are "min" and "max"'],
    ["thresholdMode", (o) => new any.ReduceLROnPlateau(o, { thresholdMode: "rl" }), 'thresholdMode "rl" is not known'],
    ["OneCycleLR", (o) => new any.OneCycleLR(o, 1, { totalSteps: 9, annealStrategy: "cosine" }), '"cos" and "linear"'],
    ["SWALR", (o) => new any.SWALR(o, 1, { annealStrategy: "cosine" }), 'SWALR: annealStrategy "cosine" is not known'],
    ["CyclicLR", (o) => new any.CyclicLR(o, 0, 1, { mode: "exprange" }), '"triangular", "triangular2" and "exp_range"'],
    ["metric: tensor", (o) => new any.ReduceLROnPlateau(o).step(ones([])), "got a tensor [] (use await loss.item())"],
    ["metric: none", (o) => new any.ReduceLROnPlateau(o).step(), "step takes the metric, a number, got undefined"],
    ["LinearLR", (o) => new any.LinearLR(o, { startFactor: 0 }), "LinearLR: startFactor must lie in (0, 1], got 0"],
    ["ConstantLR", (o) => new any.ConstantLR(o, { factor: 0 }), "ConstantLR: factor must lie in (0, 1], got 0"],
    ["ExponentialLR", (o) => new any.ExponentialLR(o), "ExponentialLR: gamma must be a number, got undefined"],
    ["MultiStepLR", (o) => new any.MultiStepLR(o), "MultiStepLR: takes one array, got undefined"],
    ["LambdaLR", (o) => new any.LambdaLR(o, 0.9), "LambdaLR: lrLambda must be a function"],
    ["LambdaLR without", (o) => new any.LambdaLR(o), "LambdaLR: lrLambda must be a function"],
    [
      "a layer",
      ({ paramGroups }) => new any.StepLR(paramGroups[0], 3),
      "StepLR: takes an optimizer first, got an object",
    ],
  ])("%s", (_, make, message) => {
    const optimizer = sgd();
    expect(() => make(optimizer)).toThrow(message);
    expect(optimizer.paramGroups[0]!.lr).toBe(0.2);
  });

  test.each<[string, ...unknown[]]>([
    ["StepLR", 3],
    ["MultiStepLR", [3]],
    ["ExponentialLR", 0.9],
    ["LambdaLR", () => 1],
    ["MultiplicativeLR", () => 1],
    ["PolynomialLR"],
    ["ConstantLR"],
    ["LinearLR"],
    ["CosineAnnealingLR", 3],
    ["CosineAnnealingWarmRestarts", 3],
    ["CyclicLR", 0, 1],
    ["OneCycleLR", 1],
    ["SWALR", 1],
    ["ReduceLROnPlateau"],
  ])("an option that %s has not", (name, ...positional) => {
    const optimizer = sgd();
    const make = () => new any[name](optimizer, ...positional, { verbos: true });
    expect(make).toThrow(`${name}: there is no option "verbos": there are `);
    expect(optimizer.paramGroups[0]!.lr).toBe(0.2);
  });

  test("a state of another scheduler", () => {
    const optimizer = sgd();
    const step = new lrScheduler.StepLR(optimizer, 3);
    const plateau = new lrScheduler.ReduceLROnPlateau(optimizer);
    const chained = new lrScheduler.ChainedScheduler([step]);
    const before = step.stateDict();
    const restarts = new lrScheduler.CosineAnnealingWarmRestarts(optimizer, 3);
    expect(() => step.loadStateDict(restarts.stateDict())).toThrow(
      "loadStateDict: the state is not StepLR's: lacks stepSize and gamma, and has T0, TMult, etaMin, TCur and Ti more",
    );
    for (const scheduler of [step, plateau, chained, restarts]) {
      expect(() => scheduler.loadStateDict({})).toThrow(`the state is not ${scheduler.constructor.name}'s: lacks`);
      expect(() => scheduler.loadStateDict(null as never)).toThrow("stateDict(), got null");
    }
    expect(() => chained.loadStateDict({ lastLr: [1], schedulers: [plateau.stateDict()] })).toThrow("is not StepLR's");
    expect(step.stateDict()).toEqual(before);
    expect(chained.getLastLr()).toEqual([0.2]);
  });

  test("but a rate may fall to 0", () => {
    const optimizer = sgd();
    const scheduler = new lrScheduler.LinearLR(optimizer, { startFactor: 1, endFactor: 0, totalIters: 2 });
    expectClose(rates(optimizer, scheduler, 4), [0.2, 0.1, 0, 0], 1e-12);
  });
});
