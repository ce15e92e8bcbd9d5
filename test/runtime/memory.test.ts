// Memory without bookkeeping: what is given back, when, and what happens to those who come too late.

import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  type Device,
  data,
  manualSeed,
  nn,
  noGrad,
  ones,
  optim,
  randn,
  scope,
  type Tensor,
  tensor,
  tidy,
} from "../../src/index.js";
import { openDevice } from "../device.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});
beforeEach(async () => {
  await device.collectGarbage();
});

class Net extends nn.Module {
  linear1 = new nn.Linear(10, 64);
  activation = new nn.ReLU();
  linear2 = new nn.Linear(64, 8);
  linear3 = new nn.Linear(8, 4);
  forward(x: Tensor): Tensor {
    x = this.activation.forward(this.linear1.forward(x));
    return this.linear3.forward(this.linear2.forward(x));
  }
}

class Points extends data.Dataset {
  getItem(index: number): readonly [number[], number] {
    return [Array.from({ length: 10 }, (_, i) => Math.sin(index + i)), index % 4];
  }
  readonly length = 160;
}

test("a naive loop of 2,000 steps stays in the same memory, GPU and JavaScript", async () => {
  manualSeed(0);
  const net = new Net();
  const loader = new data.DataLoader(new Points(), { batchSize: 16, shuffle: true });
  const criterion = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.001, momentum: 0.9 });
  const bytes: number[] = [];
  const heap: number[] = [];
  for (let epoch = 0; epoch < 200; epoch++) {
    let runningLoss = 0;
    for await (const [inputs, labels] of loader) {
      optimizer.zeroGrad();
      const outputs = net.forward(inputs.to(device));
      const loss = criterion.forward(outputs, labels.to(device));
      loss.backward();
      optimizer.step();
      runningLoss += await loss.item();
    }
    expect(runningLoss).toBeGreaterThan(0);
    if (epoch % 50 !== 49) continue;
    await device.collectGarbage();
    const { bytesLive, bytesPooled } = device.stats();
    bytes.push(bytesLive + bytesPooled);
    heap.push(process.memoryUsage().heapUsed);
  }
  // After 500, 1,000, 1,500 and 2,000 steps. One step's tensors take 20 kB: a leak of one in ten would add 2 MB. On a
  // busy machine the collector may come late once more, and the pool grow by some steps' worth; V8's own code and counters
  // come and go by two megabytes, and what a step makes in JavaScript would be 25.
  expect(bytes[3]! - bytes[1]!).toBeLessThan(1_000_000);
  expect(heap[3]! - heap[1]!).toBeLessThan(4_000_000);
});

test("a loop that never reads back pauses in the loader and stays in bounded memory", async () => {
  const net = new Net();
  const loader = new data.DataLoader(new Points(), { batchSize: 16 });
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.001 });
  const criterion = new nn.CrossEntropyLoss();
  const before = device.stats();
  for (let epoch = 0; epoch < 300; epoch++) {
    for await (const [inputs, labels] of loader) {
      optimizer.zeroGrad();
      criterion.forward(net.forward(inputs), labels).backward();
      optimizer.step();
    }
  }
  // 3,000 steps of 20 kB each would be 60 MB.
  const after = device.stats();
  expect(after.bytesLive + after.bytesPooled - before.bytesLive - before.bytesPooled).toBeLessThan(10_000_000);
});

describe("tensors that user code drops", () => {
  test("give their memory back at the next collection", async () => {
    const before = device.stats().bytesLive;
    (() => {
      for (let i = 0; i < 50; i++) ones([1000]).add(i).array.realize();
    })();
    expect(device.stats().bytesLive).toBeGreaterThanOrEqual(before + 50 * 4000);
    await device.collectGarbage();
    expect(device.stats().bytesLive).toBeLessThan(before + 8192);
  });

  test("and a tape that is never played back too", async () => {
    const x = randn([1000], { requiresGrad: true });
    await x.sum().item();
    const before = device.stats().bytesLive;
    (() => {
      for (let i = 0; i < 50; i++) x.mul(2).exp().sum();
    })();
    await device.collectGarbage();
    await ones([1]).item();
    await device.collectGarbage();
    expect(device.stats().bytesLive).toBeLessThan(before + 16_384);
  });

  test("losses kept in a list keep one number each, not the graph", async () => {
    const w = randn([1000], { requiresGrad: true });
    const x = randn([1000]).clone();
    const losses: Tensor[] = [];
    await w.add(x).sum().item();
    await device.collectGarbage();
    const before = device.stats().bytesLive;
    for (let i = 0; i < 50; i++) {
      const loss = w.mul(x).square().mean();
      loss.backward();
      w.grad = null;
      losses.push(loss);
    }
    await losses.at(-1)!.item();
    await device.collectGarbage();
    expect(device.stats().bytesLive).toBeLessThan(before + 50 * 256 + 16_384);
    expect(await losses[0]!.item()).toBeGreaterThan(0);
  });
});

describe("what backward saved", () => {
  test("is released while the tape is played back", async () => {
    const w = randn([64, 64], { requiresGrad: true });
    const before = device.stats().bytesLive;
    await tidy(() => {
      let y: Tensor = w;
      for (let i = 0; i < 10; i++) y = y.matmul(w).tanh();
      const loss = y.sum();
      loss.backward();
      return loss;
    }).item();
    expect(device.stats().bytesLive).toBeLessThan(before + 4 * 64 * 64 * 4);
  });

  test("a derivative that needs no input does not keep it", async () => {
    const x = tensor(new Float32Array(100_000));
    const w = ones([], { requiresGrad: true });
    const y = x.contiguous().add(w); // d/dw = 1
    expect(y.requiresGrad).toBe(true);
    const frozen = ones([1000, 100]).clone();
    const z = randn([1000, 100]).clone().mul(frozen); // nothing requires grad, nothing is recorded
    expect(z.requiresGrad).toBe(false);
  });
});

describe("dispose, using, tidy and scope", () => {
  test("give memory back at once", () => {
    const before = device.stats().bytesLive;
    const x = ones([1000]);
    x.array.realize();
    expect(device.stats().bytesLive).toBe(before + 4096);
    x.dispose();
    x.dispose(); // once more does no harm
    expect(x.isDisposed).toBe(true);
    expect(device.stats().bytesLive).toBe(before);
  });

  test("tidy keeps what it returns, nested or not, and disposes the rest", async () => {
    let inner: Tensor | undefined;
    const kept = tidy(() => {
      inner = ones([3]);
      return { pair: [inner.add(1), inner.mul(5)], count: 3 };
    });
    expect(inner!.isDisposed).toBe(true);
    expect(await kept.pair[0]!.toArray()).toEqual([2, 2, 2]);
    expect(await kept.pair[1]!.toArray()).toEqual([5, 5, 5]);
  });

  test("tidy disposes when the body throws", () => {
    let made: Tensor | undefined;
    expect(() =>
      tidy(() => {
        made = ones([3]);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(made!.isDisposed).toBe(true);
  });

  test("a scope ends with its block", async () => {
    let kept: Tensor;
    let dropped: Tensor;
    {
      using step = scope();
      dropped = ones([2]).add(1);
      kept = step.keep(dropped.mul(2));
    }
    expect(dropped.isDisposed).toBe(true);
    expect(await kept.toArray()).toEqual([4, 4]);
  });

  test("parameters, gradients and the tape survive a scope", async () => {
    const net = tidy(() => {
      const made = new Net();
      tidy(() =>
        made
          .forward(ones([2, 10]))
          .sum()
          .backward(),
      );
      expect(made.linear1.weight.grad!.isDisposed).toBe(false);
      return made as unknown as number;
    }) as unknown as Net;
    expect(net.linear1.weight.isDisposed).toBe(false);
    const w = randn([3], { requiresGrad: true });
    const loss = tidy(() => w.exp().mul(2).sum()); // exp's result is disposed, the tape has it
    loss.backward();
    expect((await w.grad!.data()).length).toBe(3);
  });

  test("`using` disposes a tensor at the end of its block", () => {
    let seen: Tensor;
    {
      using x = ones([2]);
      seen = x;
    }
    expect(seen.isDisposed).toBe(true);
  });

  test("using a disposed tensor says where it came from and how to keep it", () => {
    const x = ones([32, 784]).matmul(ones([784, 2]));
    x.dispose();
    expect(() => x.add(1)).toThrow(
      "add: tensor [32, 2] was disposed (made by matmul); keep it with tidy's return value or scope.keep()",
    );
  });
});

test("variable sequence lengths for 500 steps do not grow the pool without end", async () => {
  const w = randn([16, 16], { requiresGrad: true });
  let early = 0;
  for (let step = 0; step < 500; step++) {
    const length = 1 + ((step * 37) % 211);
    const x = ones([length, 16]);
    const y = noGrad(() => x.matmul(w).tanh().sum());
    await y.item();
    if (step === 250) early = device.stats().bytesLive + device.stats().bytesPooled;
  }
  expect(device.stats().bytesLive + device.stats().bytesPooled).toBeLessThan(early * 1.5 + 1e6);
});
