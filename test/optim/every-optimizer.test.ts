// What holds for every optimizer: constant cost, steps that are replayed, state that is loaded.

import { beforeAll, describe, expect, test } from "vitest";
import { compile, type Device, ones, optim, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { numbers } from "../numbers.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

type Any = optim.Optimizer<{ lr: number }> & {
  paramGroups: { lr: number; momentum?: number; betas?: readonly [number, number] }[];
};

/** Each with all state it can have, and more than one way on through its kernel. */
const optimizers: Record<string, (params: Tensor[]) => unknown> = {
  SGD: (params) => new optim.SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1 }),
  ASGD: (params) => new optim.ASGD(params, { lr: 0.1, t0: 1 }),
  Adagrad: (params) => new optim.Adagrad(params, { lrDecay: 0.1, initialAccumulatorValue: 0.1 }),
  Rprop: (params) => new optim.Rprop(params),
  RMSprop: (params) => new optim.RMSprop(params, { momentum: 0.9, centered: true }),
  Adadelta: (params) => new optim.Adadelta(params),
  Lion: (params) => new optim.Lion(params, { lr: 0.01, weightDecay: 0.1 }),
  Adam: (params) => new optim.Adam(params, { amsgrad: true }),
  AdamW: (params) => new optim.AdamW(params),
  Adamax: (params) => new optim.Adamax(params),
  NAdam: (params) => new optim.NAdam(params, { decoupledWeightDecay: true, weightDecay: 0.1 }),
  RAdam: (params) => new optim.RAdam(params, { betas: [0.9, 0.8] }),
  Muon: (params) => new optim.Muon(params),
};

const shapes = [
  [3, 5],
  [70, 1],
];

function parameters(): Tensor[] {
  return shapes.map((shape, i) => numbers(shape, i).detach().clone().requiresGrad_());
}

/** Trains for some steps, with hyperparameters that change; `run` is one step. */
async function train(
  params: readonly Tensor[],
  optimizer: Any,
  { from = 0, to = 8, isCompiled = false }: { from?: number; to?: number; isCompiled?: boolean },
): Promise<number[]> {
  const step = (x: Tensor): void => {
    optimizer.zeroGrad();
    for (const [i, param] of params.entries())
      param
        .mul(x.narrow(0, i, 1))
        .square()
        .sum()
        .backward();
    optimizer.step();
  };
  const run = isCompiled ? compile(step) : step;
  for (let i = from; i < to; i++) {
    for (const group of optimizer.paramGroups) {
      group.lr = 0.05 / (1 + i);
      if (group.betas !== undefined) group.betas = [0.9 - 0.02 * i, group.betas[1]];
      else if (group.momentum !== undefined) group.momentum = 0.9 - 0.02 * i;
    }
    run(numbers([2], i + 3).clone());
  }
  return (await Promise.all(params.map(async (param) => [...(await param.data())]))).flat();
}

describe.each(Object.entries(optimizers))("%s", (_, make) => {
  test("follows changing hyperparameters in a compiled step, to the last bit", async () => {
    const [plain, compiled] = [parameters(), parameters()];
    const wanted = await train(plain, make(plain) as Any, {});
    expect(await train(compiled, make(compiled) as Any, { isCompiled: true })).toEqual(wanted);
    expect(wanted.every(Number.isFinite)).toBe(true);
  });

  test("goes on from a state dict as if it were the first, to the last bit", async () => {
    const params = parameters();
    const optimizer = make(params) as Any;
    await train(params, optimizer, { to: 4 });
    const copies = params.map((param) => param.detach().clone().requiresGrad_());
    for (const copy of copies) copy.array.realize();
    const other = make(copies) as Any;
    other.loadStateDict(optimizer.stateDict());
    const wanted = await train(params, optimizer, { from: 4 });
    expect(await train(copies, other, { from: 4 })).toEqual(wanted);
  });
});

const { Muon: _, ...elementwise } = optimizers; // Muon's launches are per matrix: papers.test.ts
test.each(Object.entries(elementwise))("%s launches, reads and compiles the same in each step", async (_, make) => {
  const params = parameters();
  const optimizer = make(params) as Any;
  const costs: number[][] = [];
  for (let step = 0; step < 9; step++) {
    for (const [i, param] of params.entries())
      param.grad = ones(shapes[i]!)
        .mul(step - 4)
        .clone();
    optimizer.step(); // moves the gradients to their place
    const before = device.stats();
    optimizer.paramGroups[0]!.lr = 0.1 / (1 + step);
    optimizer.step();
    const after = device.stats();
    costs.push(
      (["dispatches", "readbacks", "uploads", "pipelinesCreated"] as const).map((key) => after[key] - before[key]),
    );
  }
  expect(costs).toEqual(costs.map(() => [1, 0, 0, 0]));
});

test("step(closure) computes the gradients first, and returns what the closure returns", async () => {
  const w = ones([2]).requiresGrad_();
  const optimizer = new optim.SGD([w], { lr: 0.5 });
  const loss = optimizer.step(() => {
    optimizer.zeroGrad();
    const sum = w.sum();
    sum.backward();
    return sum;
  });
  expect(await loss.item()).toBe(2);
  expect(await w.toArray()).toEqual([0.5, 0.5]);
});
