// L-BFGS against PyTorch.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { arange, cat, compile, type Device, ones, optim, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

interface Run {
  readonly options: {
    readonly lr: number;
    readonly max_iter: number;
    readonly history_size?: number;
    readonly line_search_fn?: "strong_wolfe";
  };
  readonly steps: readonly { readonly loss: number; readonly calls: number; readonly params: readonly number[][] }[];
}

const { lbfgs } = JSON.parse(readFileSync(new URL("../goldens/training.json", import.meta.url), "utf8")) as {
  lbfgs: Run[];
};

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

/** sum of (s w^2 + e^w + (sum of w)^2 / 4) / 9 with s = 1/3 ... 3, w being the parameters less some numbers. */
function problem(make: (params: Tensor[]) => optim.LBFGS): {
  params: Tensor[];
  optimizer: optim.LBFGS;
  closure: () => Tensor;
  calls: () => number;
} {
  const params = [numbers([2, 3], 0), numbers([3], 1)].map((x) => x.detach().clone().requiresGrad_());
  const optimizer = make(params);
  const [target, scales] = [numbers([9], 7), arange(1, 10, { dtype: "float32" }).div(3)];
  let calls = 0;
  const closure = (): Tensor => {
    calls++;
    optimizer.zeroGrad();
    const w = cat(params.map((param) => param.reshape([-1]))).sub(target);
    const loss = scales.mul(w).mul(w).add(w.exp()).add(w.sum().square().div(4)).sum().div(9);
    loss.backward();
    return loss;
  };
  return { params, optimizer, closure, calls: () => calls };
}

function from({ options }: Run): (params: Tensor[]) => optim.LBFGS {
  const { lr, max_iter: maxIter, history_size: historySize = 100, line_search_fn: lineSearchFn = null } = options;
  return (params) => new optim.LBFGS(params, { lr, maxIter, historySize, lineSearchFn });
}

describe.each(lbfgs.map((run) => [JSON.stringify(run.options), run] as const))("%s", (_, run) => {
  test("takes PyTorch's steps with as many evaluations", async () => {
    const { params, optimizer, closure, calls } = problem(from(run));
    const memory = () => optimizer.stateDict().state[0] ?? { funcEvals: 0, nIter: 0 };
    for (const [i, wanted] of run.steps.entries()) {
      const [before, read] = [memory(), device.stats().readbacks];
      const loss = await optimizer.step(closure);
      // One for each evaluation, and two for each iteration: what the last move brought, and where to go now.
      const most = memory().funcEvals - before.funcEvals + 2 * (memory().nIter - before.nIter);
      expect(device.stats().readbacks - read).toBeLessThanOrEqual(most);
      expectClose([await loss.item()], [wanted.loss], 1e-4, `loss of step ${i}`);
      expect(calls()).toBe(wanted.calls);
      for (const [j, param] of params.entries()) expectClose(await param.data(), wanted.params[j]!, 1e-3, `step ${i}`);
    }
  });
});

test("a state dict is continued as if it were the first", async () => {
  const make = from(lbfgs[1]!);
  const [first, second] = [problem(make), problem(make)];
  await first.optimizer.step(first.closure);
  for (const [i, param] of second.params.entries()) {
    param.detach().copy_(first.params[i]!.detach());
  }
  second.optimizer.loadStateDict(first.optimizer.stateDict());
  for (const { optimizer, closure } of [first, second]) await optimizer.step(closure);
  for (const [i, param] of second.params.entries()) expect(await param.data()).toEqual(await first.params[i]!.data());
});

test("what cannot be is refused", async () => {
  const w = ones([2]).requiresGrad_();
  const optimizer = new optim.LBFGS([w]);
  const compiled = compile((x: Tensor) => {
    void optimizer.step(() => x.sum()).catch(() => undefined);
  });
  expect(() => compiled(ones([2]).clone())).toThrow("takes a step of LBFGS, which reads values back");
  await expect(optimizer.step(undefined as never)).rejects.toThrow("LBFGS: step takes a closure, got undefined");
  expect(() => new optim.LBFGS([{ params: [w] }, { params: [ones([1]).requiresGrad_()] }])).toThrow("one group");
  expect(() => new optim.LBFGS([w], { lineSearchFn: "armijo" as "strong_wolfe" })).toThrow('there is "strong_wolfe"');
});
