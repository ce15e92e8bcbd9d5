// What a replay costs, what cannot be captured, and what becomes of the memory.

import { beforeEach, describe, expect, test } from "vitest";
import {
  autograd,
  compile,
  type Device,
  enableGrad,
  F,
  inferenceMode,
  init,
  nn,
  noGrad,
  ones,
  optim,
  randn,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeEach(async () => {
  device = await openDevice();
});

function mlp(): { step: (x: Tensor, y: Tensor) => Tensor; model: nn.Module } {
  const [first, second, third] = [new nn.Linear(16, 16), new nn.Linear(16, 16), new nn.Linear(16, 10)];
  const model = new nn.Sequential(first, new nn.ReLU(), second, new nn.ReLU(), third);
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
  const step = (x: Tensor, y: Tensor): Tensor => {
    optimizer.zeroGrad();
    const loss = F.crossEntropy(model.forward(x), y);
    loss.backward();
    optimizer.step();
    return loss;
  };
  return { step, model };
}

const labels = (): Tensor => tensor([1, 2, 3, 4], { dtype: "int32" }).add(0);

test("a replay launches what the step launches, and creates nothing", async () => {
  const { step } = mlp();
  const compiled = compile(step);
  const [x, y] = [randn([4, 16]), labels()];
  const cost = async (run: () => Tensor): Promise<Record<string, number>> => {
    for (let i = 0; i < 5; i++) await run().item();
    const before = device.stats();
    for (let i = 0; i < 10; i++) await run().item();
    const after = device.stats();
    return Object.fromEntries(
      (
        [
          "dispatches",
          "copies",
          "submits",
          "uploads",
          "buffersCreated",
          "bindGroupsCreated",
          "shaderModulesCreated",
          "pipelinesCreated",
        ] as const
      ).map((name) => [name, after[name] - before[name]]),
    );
  };
  const eager = await cost(() => step(x, y));
  const replayed = await cost(() => compiled(x, y));
  expect(replayed).toEqual({ ...eager, buffersCreated: 0, bindGroupsCreated: 0 });
  expect(replayed).toMatchObject({ dispatches: 11 * 10, submits: 10, copies: 0 });
});

test("JavaScript runs twice for each kind of input", () => {
  let runs = 0;
  const step = compile((x: Tensor) => {
    runs++;
    return x.add(1);
  });
  for (let i = 0; i < 5; i++) step(ones([3]).clone());
  for (let i = 0; i < 5; i++) step(ones([4]).clone());
  for (let i = 0; i < 5; i++) step(ones([3]).clone());
  expect(runs).toBe(4);
});

test.each([
  ["noGrad", noGrad, 2],
  ["inferenceMode", inferenceMode, 3], // with recording, it is neither what it was nor the usual
  ["detectAnomaly", autograd.detectAnomaly, 2],
] as [string, () => Disposable, number][])("a step under %s is captured apart, once", (_, enter, kinds) => {
  let runs = 0;
  const step = compile((x: Tensor) => {
    runs++;
    return x.add(1);
  });
  const call = (): void => {
    for (let i = 0; i < 3; i++) step(ones([3]).clone());
  };
  const inMode = (): void => {
    using _ = enter();
    call();
    using __ = enableGrad();
    call();
  };
  call();
  inMode();
  expect(runs).toBe(2 * kinds);
  inMode();
  call();
  expect(runs).toBe(2 * kinds);
});

test("memory stays the same over thousands of replays, and is given back with the function", async () => {
  const { step } = mlp();
  const [x, y] = [randn([4, 16]), labels()];
  for (let i = 0; i < 3; i++) await step(x, y).item();
  await device.collectGarbage();
  const before = device.stats().bytesLive;
  const compiled = compile(step);
  for (let i = 0; i < 50; i++) await compiled(x, y).item();
  await device.collectGarbage();
  const warm = device.stats();
  for (let i = 0; i < 3000; i++) {
    const loss = compiled(x, y);
    if (i % 100 === 0) await loss.item();
    else loss.dispose();
  }
  await device.collectGarbage();
  const after = device.stats();
  expect(after.bytesLive).toBeLessThanOrEqual(warm.bytesLive + 2048);
  expect(after.buffersCreated).toBeLessThanOrEqual(warm.buffersCreated + 200);
  compiled.dispose();
  await device.collectGarbage();
  expect(device.stats().bytesLive).toBeLessThanOrEqual(before + 2048);
  expect(await compiled(x, y).item()).toBeGreaterThan(0);
});

function makeSchedulers() {
  const optimizer = new optim.SGD([ones([2], { requiresGrad: true })], { lr: 0.1 });
  const scheduler = new optim.lrScheduler.StepLR(optimizer, 1);
  return {
    scheduler,
    sequence: new optim.lrScheduler.SequentialLR(optimizer, [scheduler], []),
    restarts: new optim.lrScheduler.CosineAnnealingWarmRestarts(optimizer, 2),
    plateau: new optim.lrScheduler.ReduceLROnPlateau(optimizer),
  };
}

test("at most eight captures are kept", async () => {
  const step = compile((x: Tensor) => x.exp().sum());
  const sizes: number[] = [];
  for (let n = 1; n <= 20; n++) {
    for (let i = 0; i < 3; i++) await step(ones([1000 * n])).item();
    await device.collectGarbage();
    sizes.push(device.stats().bytesLive);
  }
  expect(sizes.at(-1)).toBeLessThan(9 * 4 * 21000);
});

describe("refused, with the line:", () => {
  let made: ReturnType<typeof makeSchedulers> | undefined;
  const schedulers = (): ReturnType<typeof makeSchedulers> => made!;
  beforeEach(() => {
    made = makeSchedulers();
  });
  const here = /compile\.test\.ts:\d+/;
  const cases: Record<string, [(x: Tensor) => unknown, RegExp]> = {
    "a readback": [(x) => void x.add(1).sum().item(), /reads a value back .*\(return the tensor/s],
    "a readback of what JavaScript knows": [(x) => void x.data(), /reads a value back/],
    "a shape that depends on values": [(x) => void x.nonzero(), /reads a value back/],
    "data from JavaScript": [(x) => x.add(tensor([1, 2])), /makes a tensor of data from JavaScript/],
    "a parameter": [(x) => void new nn.Parameter(x.add(1)), /makes a parameter/],
    "a layer": [() => void new nn.Linear(2, 2), /makes a parameter/],
    "a scheduler's step": [() => schedulers().scheduler.step(), /steps a scheduler.*\(call scheduler.step\(\) after/],
    "a step of a scheduler of schedulers": [() => schedulers().sequence.step(), /steps a scheduler/],
    "a step of warm restarts": [() => schedulers().restarts.step(), /steps a scheduler/],
    "a step on a plateau": [() => schedulers().plateau.step(1), /steps a scheduler/],
    "an optimizer": [(x) => void new optim.SGD([x.clone().requiresGrad_()], { lr: 1 }), /makes an optimizer/],
  };
  test.each(Object.entries(cases))("%s", (_, [step, message]) => {
    const compiled = compile(step as () => undefined) as (x: Tensor) => unknown;
    for (let i = 0; i < 2; i++) {
      expect(() => compiled(ones([2]).clone())).toThrow(message);
      expect(() => compiled(ones([2]).clone())).toThrow(here);
    }
  });

  test("a function that is async", () => {
    expect(() => compile((async () => ones([1])) as never)()).toThrow(/not async/);
  });

  test("what an outer tape made, in a callback of JavaScript's own", () => {
    const outer = ones([2], { requiresGrad: true }).mul(2);
    const step = compile((x: Tensor) => [x].map((one) => one.mul(outer))[0]!);
    step(ones([2]));
    expect(() => step(ones([2]))).toThrow(/a tensor of a tape from outside \(made by mul\) .*compile\.test\.ts:\d+/);
  });

  test("an argument that requires grad", () => {
    const step = compile((x: Tensor) => x.sum());
    expect(() => step(ones([2], { requiresGrad: true }))).toThrow(/an argument requires grad .*detach\(\)/);
  });
});

test("a tensor that the step does not return is gone", async () => {
  let kept: Tensor | undefined;
  const step = compile((x: Tensor) => {
    kept = x.add(1);
    return kept.sum();
  });
  for (let i = 0; i < 3; i++) expect(await step(ones([3])).item()).toBe(6);
  expect(() => kept!.add(1)).toThrow(/was disposed .*return it from the compiled function/);
});

test("an error of the step's own is thrown as it is, and nothing is left behind", async () => {
  let calls = 0;
  const step = compile((x: Tensor) => {
    const y = x.exp();
    y.array.realize();
    if (++calls === 2) throw new RangeError("mine");
    return y.sum();
  });
  const x = ones([2]).clone();
  expect(await step(x).item()).toBeCloseTo(2 * Math.E, 5);
  expect(() => step(x)).toThrow(new RangeError("mine"));
  for (let i = 0; i < 3; i++) expect(await step(x).item()).toBeCloseTo(2 * Math.E, 5);
});

test("an index that is out of range is told of in replays too", async () => {
  const table = randn([3, 2]);
  const step = compile((index: Tensor) => F.embedding(index, table).sum());
  const index = (value: number): Tensor => tensor([value], { dtype: "int32" }).add(0);
  for (let i = 0; i < 3; i++) await step(index(i)).item();
  await expect(step(index(7)).item()).rejects.toThrow(/embedding.* 7 .*valid are 0 to 2/);
  await step(index(1)).item();
});

test("an option that is out of range is told of in replays too", () => {
  const w = ones([2], { requiresGrad: true });
  const optimizer = new optim.SGD([w], { lr: 0.1 });
  const step = compile(() => {
    optimizer.zeroGrad();
    w.sum().backward();
    optimizer.step();
  });
  for (let i = 0; i < 3; i++) step();
  optimizer.paramGroups[0]!.lr = -1;
  expect(() => step()).toThrow(/lr must be 0 or more/);
});

test("an option that is out of range leaves an optimizer before it where it was", async () => {
  const run = async (isCompiled: boolean): Promise<unknown> => {
    const [w, u] = [ones([2], { requiresGrad: true }), ones([2], { requiresGrad: true })];
    const [first, second] = [new optim.Adam([w], { lr: 0.1 }), new optim.Adam([u], { lr: 0.1 })];
    const body = (): void => {
      w.sub(2).mul(u).square().sum().backward();
      for (const optimizer of [first, second]) optimizer.step();
      for (const optimizer of [first, second]) optimizer.zeroGrad();
    };
    const step = isCompiled ? compile(body) : body;
    for (let i = 0; i < 3; i++) step();
    if (isCompiled) {
      second.paramGroups[0]!.lr = -1;
      expect(step).toThrow(/lr/);
      second.paramGroups[0]!.lr = 0.1;
    }
    for (let i = 0; i < 3; i++) step();
    return Promise.all([w.toArray(), u.toArray()]);
  };
  expect(await run(true)).toEqual(await run(false));
});

test("after the device is lost it says so, and goes on with a new one", async () => {
  const step = compile((x: Tensor) => x.exp().sum());
  for (let i = 0; i < 3; i++) await step(ones([2])).item();
  const x = ones([2]).clone();
  const pending = step(x).item();
  device.destroy();
  await expect(pending).rejects.toThrow(/the GPU device was lost/);
  expect(() => step(x)).toThrow(/the GPU device was lost/);
  device = await init();
  for (let i = 0; i < 3; i++) expect(await step(ones([2])).item()).toBeCloseTo(2 * Math.E, 5);
});
