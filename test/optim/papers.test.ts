// Lion and Muon, which PyTorch 1.13 does not have, against the papers' algorithms in float64.

import { beforeAll, expect, test } from "vitest";
import { type Device, ones, optim, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { numbers } from "../numbers.js";

let device: Device;
beforeAll(async () => {
  device = await openDevice();
});

type Matrix = number[][];

const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => transposed(b).map((column) => row.reduce((sum, x, i) => sum + x * column[i]!, 0)));
const combined = (p: number, a: Matrix, q: number, b: Matrix): Matrix =>
  a.map((row, i) => row.map((x, j) => p * x + q * b[i]![j]!));

/** Jordan et al., 2024: five steps of X = a X + b (X X^T) X + c (X X^T)^2 X from G / |G|. */
function orthogonalized(g: Matrix): Matrix {
  const norm = Math.hypot(...g.flat());
  let x = combined(1 / norm, g, 0, g);
  for (let step = 0; step < 5; step++) {
    const gram = product(x, transposed(x));
    x = combined(3.4445, x, 1, product(combined(-4.775, gram, 2.0315, product(gram, gram)), x));
  }
  return x;
}

async function matrix(x: Tensor): Promise<Matrix> {
  return (await x.toArray()) as Matrix;
}

test.each([
  { nesterov: true, maximize: false, adjustLrFn: "original" },
  { nesterov: false, maximize: true, adjustLrFn: "match_rms_adamw" },
] as const)("Muon takes the paper's steps: %o", async (options) => {
  const [lr, weightDecay, momentum] = [0.1, 0.2, 0.9];
  const shapes = [
    [3, 5],
    [7, 2],
  ] as const;
  const params = shapes.map((shape, i) => numbers(shape, i).detach().clone().requiresGrad_());
  const optimizer = new optim.Muon(params, { lr, weightDecay, momentum, ...options });
  const wanted = await Promise.all(params.map(matrix));
  const means = wanted.map((w) => combined(0, w, 0, w));
  for (let step = 0; step < 3; step++) {
    for (const [i, param] of params.entries()) {
      param.grad = numbers(shapes[i]!, step * 3 + i + 5);
      const g = combined(options.maximize ? -1 : 1, await matrix(param.grad), 0, wanted[i]!);
      means[i] = combined(momentum, means[i]!, 1 - momentum, g);
      const u = options.nesterov ? combined(1 - momentum, g, momentum, means[i]!) : means[i]!;
      const [m, n] = shapes[i]!;
      const factor =
        options.adjustLrFn === "original" ? Math.sqrt(Math.max(1, m / n)) : 0.2 * Math.sqrt(Math.max(m, n));
      wanted[i] = combined(1 - lr * weightDecay, wanted[i]!, -lr * factor, orthogonalized(u));
    }
    optimizer.step();
    for (const [i, param] of params.entries()) expectClose(await param.data(), wanted[i]!.flat(), 2e-5, `step ${step}`);
  }
});

test("Lion takes the paper's steps, and keeps NaN", async () => {
  const [lr, weightDecay, beta1, beta2] = [0.1, 0.2, 0.9, 0.99];
  const w = numbers([6], 1).detach().clone().requiresGrad_();
  const optimizer = new optim.Lion([w], { lr, weightDecay });
  const wanted = [...(await w.data())];
  const means = wanted.map(() => 0);
  for (let step = 0; step < 4; step++) {
    w.grad = numbers([6], step + 2);
    for (const [i, g] of [...(await w.grad.data())].entries()) {
      wanted[i]! -= lr * (Math.sign(beta1 * means[i]! + (1 - beta1) * g) + weightDecay * wanted[i]!);
      means[i] = beta2 * means[i]! + (1 - beta2) * g;
    }
    optimizer.step();
    expectClose(await w.data(), wanted, 1e-6, `step ${step}`);
  }
  w.grad = ones([6]).mul(Number.NaN);
  optimizer.step();
  expect((await w.data()).every(Number.isNaN)).toBe(true);
});

test("Muon launches as much for each step, and refuses what is no matrix", async () => {
  const w = numbers([4, 3], 1).detach().clone().requiresGrad_();
  const optimizer = new optim.Muon([w]);
  const costs: number[] = [];
  for (let step = 0; step < 4; step++) {
    w.grad = numbers([4, 3], step).clone();
    await w.grad.data();
    const { dispatches } = device.stats();
    optimizer.step();
    await w.data();
    costs.push(device.stats().dispatches - dispatches);
  }
  expect(costs.slice(1)).toEqual([costs[1], costs[1], costs[1]]);
  expect(costs[1]).toBeLessThanOrEqual(2 + 15 + 4);
  expect(() => new optim.Muon([ones([3], { requiresGrad: true })])).toThrow(
    "Muon: shape [3]: only matrices can be orthogonalized (give the others to AdamW)",
  );
});
