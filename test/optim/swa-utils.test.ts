// Averages of weights.

import { beforeAll, expect, test } from "vitest";
import { compile, nn, ones, optim, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

const { AveragedModel, getEmaAvgFn, updateBn } = optim.swaUtils;

beforeAll(openDevice);

class Net extends nn.Module {
  linear = new nn.Linear(1, 1, { bias: false });
  forward(x: Tensor): Tensor {
    return this.linear.forward(x);
  }
}

function set(net: Net, value: number): void {
  net.loadStateDict({ "linear.weight": tensor([[value]]) });
}

test("weights are averaged over all updates, and the first one counts whole", async () => {
  const net = new Net();
  const averaged = new AveragedModel(net, () => new Net());
  expect(Object.keys(averaged.stateDict()).sort()).toEqual(["module.linear.weight", "n_averaged"]);
  const means: number[] = [];
  for (const value of [1, 2, 6]) {
    set(net, value);
    averaged.updateParameters(net);
    means.push(await averaged.forward(ones([1, 1])).item());
  }
  expectClose(means, [1, 1.5, 3], 1e-6);
  expect(await averaged.nAveraged.item()).toBe(3);
});

test("a moving average fades, also in a compiled step", async () => {
  const net = new Net();
  set(net, 1);
  const averaged = new AveragedModel(net, () => new Net(), { avgFn: getEmaAvgFn(0.5) });
  const update = compile(() => averaged.updateParameters(net));
  const means: number[] = [];
  for (const value of [1, 3, 4, 0]) {
    set(net, value);
    update();
    means.push(await averaged.forward(ones([1, 1])).item());
  }
  expectClose(means, [1, 2, 3, 1.5], 1e-6);
});

test("updateBn takes the mean of all batches' statistics, and puts everything else back", async () => {
  const model = new nn.Sequential(new nn.BatchNorm2d(2));
  const batches = [numbers([2, 2, 1, 3], 1), numbers([2, 2, 1, 3], 2)];
  model.forward(numbers([2, 2, 1, 3], 3).mul(100)); // to be forgotten
  model.eval();
  await updateBn(batches, model);
  const norm = model.modules().find((module) => module instanceof nn.BatchNorm2d)!;
  const wanted = batches
    .map((x) => x.mean([0, 2, 3]))
    .reduce((a, b) => a.add(b))
    .div(2);
  expectClose(await norm.runningMean!.data(), await wanted.data(), 1e-6);
  expect([norm.momentum, model.training, await norm.numBatchesTracked!.item()]).toEqual([0.1, false, 2]);
});
