// Derivatives of reductions and scans where elements are zero, tied or in long rows, against central differences and PyTorch.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, cummax, cumprod, linalg, logcumsumexp, median, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const withZeros = (): Tensor => tensor([0.5, 0, 2, 0, -1.5, 0.75, 1.25, 3]).reshape([2, 4]);
const plain = (): Tensor => tensor([0.5, -0.25, 2, 1, -1.5, 0.75, 1.25, 3]).reshape([2, 4]);

const checked: Record<string, [(x: Tensor) => Tensor, () => Tensor]> = {
  "prod with zeros": [(x) => x.prod(1), withZeros],
  "prod over two dimensions": [(x) => x.reshape([2, 2, 2]).prod([0, 2]), withZeros],
  "cumprod with zeros": [(x) => cumprod(x, 1), withZeros],
  logcumsumexp: [(x) => logcumsumexp(x, 1), plain],
  cummax: [(x) => cummax(x, 1).values.square(), plain],
  "norm of order 1.5": [(x) => x.norm(1.5, { dim: 1 }), plain],
  "norm of order -1": [(x) => linalg.vectorNorm(x, -1, { dim: 1 }), plain],
};

describe("first and second order", () => {
  test.each(Object.keys(checked))("%s", async (name) => {
    const [fn, make] = checked[name]!;
    expect(await autograd.gradcheck(fn, [make().requiresGrad_()])).toBe(true);
    expect(await autograd.gradgradcheck(fn, [make().requiresGrad_()])).toBe(true);
  });
});

async function gradientOf(fn: (x: Tensor) => Tensor, values: readonly number[]): Promise<number[]> {
  const x = tensor([...values]).requiresGrad_();
  fn(x).sum().backward();
  return Array.from(await x.grad!.data());
}

// torch 1.13.1
test.each([
  ["prod with one zero", (x: Tensor) => x.prod(), [2, 0, 3], [0, 6, 0]],
  ["prod with two zeros", (x: Tensor) => x.prod(), [2, 0, 3, 0], [0, 0, 0, 0]],
  ["std of equal numbers", (x: Tensor) => x.std(), [1, 1, 1], [0, 0, 0]],
  ["norm of zeros", (x: Tensor) => x.norm(), [0, 0], [0, 0]],
  ["norm of order 1/2 beside a zero", (x: Tensor) => x.norm(0.5), [0, 2, -2], [0, 2, -2]],
  ["norm of order infinity, shared", (x: Tensor) => x.norm(Infinity), [0, 2, -2], [0, 0.5, -0.5]],
  ["logsumexp beside -infinity", (x: Tensor) => x.logsumexp(0), [-Infinity, 1], [0, 1]],
  ["logcumsumexp in long steps", (x: Tensor) => logcumsumexp(x, 0), [1, -Infinity, 2], [2.2689414, 0, 0.7310586]],
  ["logcumsumexp at infinity", (x: Tensor) => logcumsumexp(x, 0), [1, Infinity, -Infinity], [1, NaN, 0]],
  ["median of ties", (x: Tensor) => median(x), [1, 3, 3, 5, 3], [0, 1 / 3, 1 / 3, 0, 1 / 3]],
  ["median of NaN", (x: Tensor) => median(x), [1, 3, NaN, 5, 3], [0, 0, 1, 0, 0]],
] as const)("%s: PyTorch's gradient", async (_, fn, values, wanted) => {
  expectClose(await gradientOf(fn, values), wanted, 1e-5);
});

test("the gradient of a running product of a long row with zeros is exact where it is 0", async () => {
  const values = Array.from({ length: 3000 }, (_, i) => (i === 1500 ? 0 : 1));
  const dx = await gradientOf((x) => cumprod(x, 0), values);
  // Before the zero: dx_i counts the products from i to 1499. At it: those behind, all 1. Behind it: 0.
  expectClose(
    dx.slice(0, 1500),
    values.slice(0, 1500).map((_, i) => 1500 - i),
    1e-5,
  );
  expect(dx[1500]).toBe(1500);
  expect(dx.slice(1501).every((v) => v === 0)).toBe(true);
});
