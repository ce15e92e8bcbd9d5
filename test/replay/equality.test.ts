// Replayed steps compute what the same steps compute when they run, to the last bit, and leave everything as those do.

import { beforeAll, describe, expect, test } from "vitest";
import { defaultGenerator } from "../../src/core/philox.js";
import {
  compile,
  type Device,
  F,
  full,
  manualSeed,
  nn,
  ones,
  optim,
  rand,
  randn,
  slice,
  type Tensor,
  tensor,
  zeros,
} from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

const bits = async (x: Tensor): Promise<number[]> => {
  const data = await x.data();
  return [...new Int32Array(Float32Array.from(data).buffer)];
};

interface Setting {
  readonly model: nn.Module & { forward(x: Tensor): Tensor };
  readonly optimizer: Pick<optim.Adam, "zeroGrad" | "step" | "paramGroups">;
  readonly shape: readonly number[];
}

const settings: Record<string, () => Setting> = {
  "an MLP with SGD and momentum": () => {
    const model = new nn.Sequential(new nn.Linear(6, 8), new nn.ReLU(), new nn.Linear(8, 4));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9, weightDecay: 0.01 });
    return { model, optimizer: optimizer as never, shape: [5, 6] };
  },
  "an MLP with dropout and Adam": () => {
    const model = new nn.Sequential(new nn.Linear(6, 8), new nn.Sigmoid(), new nn.Dropout(0.4), new nn.Linear(8, 4));
    return { model, optimizer: new optim.Adam(model.parameters(), { lr: 0.01 }), shape: [5, 6] };
  },
  "a CNN with batch norm and AdamW": () => {
    const model = new nn.Sequential(
      new nn.Conv2d(1, 4, 3, { padding: 1 }),
      new nn.BatchNorm2d(4),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
      new nn.Flatten(),
      new nn.Linear(36, 4),
    );
    return { model, optimizer: new optim.AdamW(model.parameters(), { lr: 0.01 }), shape: [5, 1, 6, 6] };
  },
};

async function train(setting: Setting, isCompiled: boolean, steps = 8): Promise<unknown> {
  const { model, optimizer, shape } = setting;
  manualSeed(7);
  const run = (x: Tensor, y: Tensor): { loss: Tensor; outputs: Tensor } => {
    optimizer.zeroGrad();
    const outputs = model.forward(x);
    const loss = F.crossEntropy(outputs, y);
    loss.backward();
    optimizer.step();
    return { loss: loss.detach(), outputs: outputs.detach() };
  };
  const step = isCompiled ? compile(run) : run;
  const losses: Tensor[] = [];
  for (let i = 0; i < steps; i++) {
    for (const group of optimizer.paramGroups) group.lr = 0.02 / (1 + i);
    const batch = i % 4 === 3 ? 3 : shape[0]!; // a short batch now and then
    const x = randn([batch, ...shape.slice(1)]);
    const y = tensor(
      Array.from({ length: batch }, (_, k) => (k + i) % 4),
      { dtype: "int32" },
    );
    const { loss, outputs } = step(x, y);
    losses.push(loss, outputs.sum());
  }
  return {
    losses: await Promise.all(losses.map(bits)),
    parameters: await Promise.all(model.parameters().map(bits)),
    gradients: await Promise.all(model.parameters().map(({ grad }) => bits(grad!))),
    buffers: await Promise.all(model.buffers().map(bits)),
    generator: defaultGenerator.state,
  };
}

test.each(Object.entries(settings))("%s", async (_, make) => {
  manualSeed(1);
  const [eager, compiled] = [make(), make()];
  compiled.model.loadStateDict(eager.model.stateDict());
  expect(await train(compiled, true, 20)).toEqual(await train(eager, false, 20));
});

test.each(["Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adagrad", "ASGD", "Rprop", "SGD"] as const)(
  "several steps of %s in one",
  async (name) => {
    const run = async (isCompiled: boolean): Promise<unknown> => {
      const w = tensor([1, 2, 3], { requiresGrad: true });
      const optimizer = new optim[name]([w], { lr: 0.1 });
      const body = (x: Tensor): Tensor => {
        let loss = x;
        for (let k = 0; k < 3; k++) {
          loss = w.sub(x).square().sum();
          optimizer.zeroGrad();
          loss.backward();
          optimizer.step();
        }
        return loss.detach();
      };
      const step = isCompiled ? compile(body) : body;
      const losses: Tensor[] = [];
      for (let i = 0; i < 6; i++) losses.push(step(tensor([0.5, 0.1 * i, 0.7])));
      return Promise.all([...losses, w].map(bits));
    };
    expect(await run(true)).toEqual(await run(false));
  },
);

test.each<[string, (w: Tensor) => Tensor]>([
  ["a slice", (w) => w.index(slice(null))],
  ["a reshape", (w) => w.reshape([2, 3])],
  ["an expand", (w) => w.expand([2, 3])],
  ["a squeeze", (w) => w.squeeze()],
])("a view that is all of a parameter: %s", async (_, view) => {
  const run = async (isCompiled: boolean): Promise<unknown> => {
    const w = ones([2, 3], { requiresGrad: true });
    const optimizer = new optim.SGD([w], { lr: 0.1 });
    const body = (x: Tensor): Tensor => {
      optimizer.zeroGrad();
      const loss = view(w).mul(x).square().sum();
      loss.backward();
      optimizer.step();
      return loss.detach();
    };
    const step = isCompiled ? compile(body) : body;
    const losses: Tensor[] = [];
    for (let i = 0; i < 5; i++) losses.push(step(full([2, 3], 0.1 * i)));
    return Promise.all([...losses, w].map(bits));
  };
  expect(await run(true)).toEqual(await run(false));
});

test("layers that look at all of a parameter", async () => {
  const [norm, prelu] = [new nn.BatchNorm1d(4).eval(), new nn.PReLU(4)];
  const x = randn([3, 4]);
  const step = compile((input: Tensor) => prelu.forward(norm.forward(input)));
  const expected = await prelu.forward(norm.forward(x)).toArray();
  for (let i = 0; i < 4; i++) expect(await step(x).toArray()).toEqual(expected);
});

describe("gradients", () => {
  const leaf = (): Tensor => tensor([1, 2, 3], { requiresGrad: true });

  test("of leaves without an optimizer are new tensors", async () => {
    const w = leaf();
    const step = compile((x: Tensor) => {
      w.grad = null;
      w.mul(x).square().sum().backward();
    });
    const grads: Tensor[] = [];
    for (let i = 1; i <= 6; i++) {
      step(tensor([i, i, i]));
      grads.push(w.grad!);
    }
    expect(await Promise.all(grads.map((grad) => grad.toArray()))).toEqual(
      [1, 2, 3, 4, 5, 6].map((i) => [1, 2, 3].map((value) => 2 * value * i * i)),
    );
  });

  test("are accumulated over calls, and start over where they were cleared", async () => {
    const w = leaf();
    const optimizer = new optim.SGD([w], { lr: 0.5 });
    const backward = compile((x: Tensor) => {
      w.mul(x).sum().backward();
    });
    const sums: number[] = [];
    for (let i = 1; i <= 5; i++) {
      optimizer.zeroGrad();
      for (let k = 1; k <= 3; k++) backward(tensor([i * k, 0, 1]));
      sums.push((await w.grad!.sum().item()) as number);
      optimizer.step();
    }
    expect(sums).toEqual([1, 2, 3, 4, 5].map((i) => 6 * i + 3));
    expect(await w.toArray()).toEqual([1 - 0.5 * 90, 2, 3 - 0.5 * 15]);
  });

  test("that somebody holds keep their values", async () => {
    const w = leaf();
    const optimizer = new optim.SGD([w], { lr: 0 });
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad();
      w.mul(x).sum().backward();
      optimizer.step();
    });
    const grads: Tensor[] = [];
    for (let i = 1; i <= 6; i++) {
      step(tensor([i, i, i]));
      grads.push(w.grad!);
    }
    expect(await Promise.all(grads.map((grad) => grad.toArray()))).toEqual([1, 2, 3, 4, 5, 6].map((i) => [i, i, i]));
  });

  test("are clipped", async () => {
    const w = leaf();
    const optimizer = new optim.SGD([w], { lr: 1 });
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad();
      w.mul(x).sum().backward();
      const norm = w.grad!.square().sum().sqrt();
      w.grad!.mul_(norm.reciprocal());
      optimizer.step();
      return norm;
    });
    const norms = [];
    for (let i = 1; i <= 5; i++) norms.push(await step(tensor([0, 3 * i, 4 * i])).item());
    expect(norms).toEqual([5, 10, 15, 20, 25]);
    const [a, b, c] = (await w.toArray()) as number[];
    expect(a).toBe(1);
    expect(b).toBeCloseTo(2 - 5 * 0.6, 5);
    expect(c).toBeCloseTo(3 - 5 * 0.8, 5);
  });
});

describe("what is there before", () => {
  test("is read as it is at the call", async () => {
    const scale = tensor([1, 2]).clone();
    const doubled = scale.mul(2); // not computed yet
    const step = compile((x: Tensor) => x.mul(scale).add(doubled));
    const results: unknown[] = [];
    for (let i = 0; i < 5; i++) {
      results.push(await step(tensor([i, i])).toArray());
      scale.add_(1);
    }
    // doubled is 2, 4 for ever; scale is 1 + i, 2 + i
    expect(results).toEqual([0, 1, 2, 3, 4].map((i) => [i * (1 + i) + 2, i * (2 + i) + 4]));
  });

  test("changes in place, and what was to read it before still has the old values", async () => {
    const total = zeros([2]);
    const step = compile((x: Tensor) => {
      total.add_(x);
    });
    const seen: Tensor[] = [];
    for (let i = 1; i <= 5; i++) {
      step(tensor([i, 1]));
      seen.push(total.mul(10)); // not computed yet
    }
    expect(await Promise.all(seen.map((x) => x.toArray()))).toEqual(
      [1, 3, 6, 10, 15].map((s, i) => [10 * s, 10 * i + 10]),
    );
  });

  test("may be given as an argument, be changed and be returned", async () => {
    const step = compile((x: Tensor, y: Tensor) => [x.add_(y), y, x.narrow(0, 0, 1)] as const);
    const x = tensor([1, 2]).clone();
    for (let i = 1; i <= 5; i++) {
      const [a, b, c] = step(x, tensor([i, i]));
      expect([await a.toArray(), await b.toArray(), await c.toArray()]).toEqual([
        [1 + (i * (i + 1)) / 2, 2 + (i * (i + 1)) / 2],
        [i, i],
        [1 + (i * (i + 1)) / 2],
      ]);
    }
    expect(await x.toArray()).toEqual([16, 17]);
  });

  test("may be one tensor given twice", async () => {
    const step = compile((x: Tensor, y: Tensor) => x.mul(y));
    for (let i = 1; i <= 4; i++) {
      const x = tensor([i, 2]);
      expect(await step(x, x).toArray()).toEqual([i * i, 4]);
      expect(await step(x, tensor([10, 10])).toArray()).toEqual([10 * i, 20]);
    }
  });
});

test("views, other numbers and other modes are captured apart", async () => {
  const net = new nn.Dropout(0.5);
  const step = compile((x: Tensor, factor: number) => net.forward(x).mul(factor).sum());
  const x = rand([4, 6]);
  const ones = tensor([...Array(24).fill(1)]).reshape([4, 6]);
  net.eval();
  for (let i = 0; i < 3; i++) {
    expect(await step(ones, 1).item()).toBe(24);
    expect(await step(ones, 3).item()).toBe(72);
    expect(await step(ones.T, 2).item()).toBe(48);
    expect(await step(x.narrow(0, 1, 2), 1).item()).toBeCloseTo(await x.narrow(0, 1, 2).sum().item(), 4);
  }
  net.train();
  manualSeed(3);
  const dropped = [];
  for (let i = 0; i < 4; i++) dropped.push(await step(ones, 1).item());
  manualSeed(3);
  const expected = [];
  for (let i = 0; i < 4; i++) expected.push(await net.forward(ones).sum().item());
  expect(dropped).toEqual(expected);
  expect(device.isLost).toBe(false);
});
