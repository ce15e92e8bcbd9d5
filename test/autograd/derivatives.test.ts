// vjp, jvp, jacobian, hessian, hvp against matrices known in closed form and against each other.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, randn, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

const values = async (x: unknown): Promise<number[]> => [...(await (x as Tensor).data())];
const a = (): Tensor =>
  tensor([
    [1, 2, -1],
    [0.5, 0, 3],
  ]); // [2, 3] biome-ignore format: a matrix

describe("jacobian", () => {
  test("of a linear map is its matrix", async () => {
    const j = autograd.jacobian((x: Tensor) => a().matmul(x), tensor([1, 2, 3])) as Tensor;
    expect(await j.toArray()).toEqual(await a().toArray());
    expect(j.requiresGrad).toBe(false);
  });

  test("of several inputs and outputs has a block for each pair", async () => {
    const fn = (x: Tensor, y: Tensor): Tensor[] => [x.mul(y), x.sum()];
    const [ofProduct, ofSum] = autograd.jacobian(fn, [tensor([1, 2]), tensor([3, 5])]) as Tensor[][];
    expect(await ofProduct![0]!.toArray()).toEqual([[3, 0], [0, 5]]); // biome-ignore format: a matrix
    expect(await ofProduct![1]!.toArray()).toEqual([[1, 0], [0, 2]]); // biome-ignore format: a matrix
    expect(await ofSum![0]!.toArray()).toEqual([1, 1]);
    expect(await ofSum![1]!.toArray()).toEqual([0, 0]); // no path: zeros
  });

  test("has the output's shape, then the input's, also where there are no elements", () => {
    const shapeOf = (fn: (x: Tensor) => Tensor, x: Tensor): unknown => (autograd.jacobian(fn, x) as Tensor).shape;
    expect(shapeOf((x) => x.sum(0), randn([2, 3]))).toEqual([3, 2, 3]);
    expect(shapeOf((x) => x.sum(), randn([2]))).toEqual([2]);
    expect(shapeOf((x) => x.narrow(0, 0, 0), randn([2]))).toEqual([0, 2]);
  });

  test("can be differentiated with createGraph", async () => {
    const x = tensor([2, 3], { requiresGrad: true });
    const j = autograd.jacobian((h: Tensor) => h.pow(3), x, { createGraph: true }) as Tensor;
    j.sum().backward(); // sum of 3 x^2
    expectClose(await values(x.grad), [12, 18], 1e-5);
  });

  test("strict: an input that does not matter is an error", () => {
    const fn = (x: Tensor, _y: Tensor): Tensor => x;
    expect(() => autograd.jacobian(fn, [zeros([1]), zeros([1])], { strict: true })).toThrow(
      /jacobian: the output does not depend on input 1/,
    );
  });
});

describe("products are those of the Jacobian", () => {
  const fn = (x: Tensor): Tensor => a().matmul(x.tanh()).exp();
  const x = (): Tensor => tensor([0.3, -0.2, 0.1]);

  test("vjp", async () => {
    const v = tensor([0.7, -1.1]);
    const { outputs, vjp } = autograd.vjp(fn, x(), v);
    expectClose(await values(outputs), await values(fn(x())), 1e-6);
    expectClose(await values(vjp), await values(v.matmul(autograd.jacobian(fn, x()) as Tensor)), 1e-5);
  });

  test("jvp", async () => {
    const v = tensor([0.7, -1.1, 0.4]);
    const { jvp } = autograd.jvp(fn, x(), v);
    expectClose(await values(jvp), await values((autograd.jacobian(fn, x()) as Tensor).matmul(v)), 1e-5);
  });

  test("jvp of several inputs and outputs", async () => {
    const pair = (p: Tensor, q: Tensor): Tensor[] => [p.mul(q), p.exp()];
    const { jvp } = autograd.jvp(pair, [tensor([2]), tensor([5])], [tensor([1]), tensor([10])]);
    const [first, second] = jvp as Tensor[];
    expectClose([await first!.item(), await second!.item()], [25, Math.exp(2)], 1e-5);
  });

  test("of a constant function are zeros", async () => {
    const constant = (h: Tensor): Tensor => h.detach().mul(2);
    expect(await values(autograd.jvp(constant, x(), tensor([1, 1, 1])).jvp)).toEqual([0, 0, 0]);
    expect(await values(autograd.vjp(constant, x(), tensor([1, 1, 1])).vjp)).toEqual([0, 0, 0]);
  });
});

describe("second derivatives", () => {
  const quadratic = (x: Tensor): Tensor => x.mul(tensor([[2, 1], [1, -4]]).matmul(x)).sum(); // biome-ignore format: a matrix

  test("hessian of a quadratic form", async () => {
    const h = autograd.hessian(quadratic, tensor([0.3, 0.7]));
    expect(await h.toArray()).toEqual([[4, 2], [2, -8]]); // biome-ignore format: a matrix
  });

  test("hessian of several inputs", async () => {
    const fn = (x: Tensor, y: Tensor): Tensor => x.square().mul(y).sum(); // d2/dx2 = 2y, d2/dxdy = 2x, d2/dy2 = 0
    const [[xx, xy], [yx, yy]] = autograd.hessian(fn, [tensor([3]), tensor([5])]) as [
      [Tensor, Tensor],
      [Tensor, Tensor],
    ];
    expect(await Promise.all([xx, xy, yx, yy].map((block) => block.item()))).toEqual([10, 6, 6, 0]);
  });

  test("hvp is the Hessian times a vector", async () => {
    const fn = (x: Tensor): Tensor => x.exp().mul(x.sum()).sum();
    const [x, v] = [tensor([0.3, -0.4, 0.9]), tensor([1, -2, 0.5])];
    const h = autograd.hessian(fn, x);
    const { outputs, hvp } = autograd.hvp(fn, x, v);
    expectClose(await values(hvp), await values(h.matmul(v)), 1e-4);
    expectClose([await outputs.item()], [await fn(x).item()], 1e-6);
  });

  test("hvp of a linear function is zero", async () => {
    expect(await values(autograd.hvp((x: Tensor) => x.sum(), tensor([1, 2]), tensor([1, 1])).hvp)).toEqual([0, 0]);
  });
});

test("nobody's grad is touched, and the inputs may require grad or not", async () => {
  const x = tensor([1, 2], { requiresGrad: true });
  autograd.jacobian((h: Tensor) => h.square(), x);
  autograd.hessian((h: Tensor) => h.square().sum(), x.detach());
  expect(x.grad).toBeNull();
});

describe("errors name the function and the shapes", () => {
  test.each([
    ["vjp: v is needed for shapes [2]", () => autograd.vjp((x: Tensor) => x, zeros([2]))],
    ["jvp: shapes [2] and [3] do not fit: v must have", () => autograd.jvp((x: Tensor) => x, zeros([2]), zeros([3]))],
    ["hessian: shape [2]: the function must return one", () => autograd.hessian((x: Tensor) => x, zeros([2]))],
    ["vjp: v has 2 tensors, and 1", () => autograd.vjp((x: Tensor) => x, zeros([1]), [zeros([1]), zeros([1])])],
  ])("%s", (message, call) => {
    expect(call).toThrow(message);
  });
});
