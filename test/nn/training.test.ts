// Small networks, step by step, against PyTorch.

import { readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { nn, noGrad, optim, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

interface Run {
  readonly optimizer: "SGD" | "Adam";
  readonly options: { readonly lr: number; readonly momentum?: number };
  readonly initial: Record<string, { shape: number[]; values: number[] }>;
  readonly losses: number[];
  readonly final: Record<string, number[]>;
  readonly outputs: number[];
}

const { networks } = JSON.parse(readFileSync(new URL("../goldens/training.json", import.meta.url), "utf8")) as {
  networks: Run[];
};

class Net extends nn.Module {
  conv = new nn.Conv2d(1, 4, 3, { padding: 1, bias: false });
  norm = new nn.BatchNorm2d(4);
  pool = new nn.MaxPool2d(2);
  linear1 = new nn.Linear(64, 8);
  linear2 = new nn.Linear(8, 3);
  forward(x: Tensor): Tensor {
    x = this.pool.forward(this.norm.forward(this.conv.forward(x)).relu()); // [N, 4, 4, 4]
    return this.linear2.forward(this.linear1.forward(x.flatten(1)).relu()); // [N, 3]
  }
}

beforeAll(openDevice);

test.each(networks.map((run) => [run.optimizer, run] as const))(
  "a CNN with batch norm under %s loses what PyTorch's does",
  async (_, run) => {
    const net = new Net();
    const initial = Object.fromEntries(
      Object.entries(run.initial).map(([name, { shape, values }]) => [name, tensor(values).reshape(shape)]),
    );
    net.loadStateDict(initial, { strict: false });
    const optimizer = new optim[run.optimizer](net.parameters(), run.options);
    const criterion = new nn.CrossEntropyLoss();
    for (const [step, wanted] of run.losses.entries()) {
      const x = numbers([6, 1, 8, 8], step + 20);
      const y = tensor(
        Array.from({ length: 6 }, (_v, i) => (i * 5 + step) % 3),
        { dtype: "int32" },
      );
      optimizer.zeroGrad();
      const loss = criterion.forward(net.forward(x), y);
      loss.backward();
      optimizer.step();
      expectClose([await loss.item()], [wanted], 2e-5, `loss of step ${step}`);
    }
    const state = net.stateDict();
    expect(Object.keys(state)).toEqual(Object.keys(run.final));
    for (const [name, wanted] of Object.entries(run.final)) {
      expectClose(await state[name]!.data(), wanted, 5e-4, name);
    }
    net.eval();
    expectClose(
      await noGrad(() => net.forward(numbers([2, 1, 8, 8], 99))).data(),
      run.outputs,
      1e-4,
      "outputs in eval mode",
    );
  },
);
