// Special functions where PyTorch's samples do not reach: derivatives at chosen points, large parameters, refusals.

import { beforeAll, describe, expect, test } from "vitest";
import {
  autograd,
  digamma,
  i0,
  igamma,
  igammac,
  lgamma,
  mvlgamma,
  polygamma,
  special,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

describe("derivatives meet central differences, first and second order", () => {
  // Away from poles and from the ends of ranges, where differences of float32 say nothing.
  const anywhere = [-1.7, -0.4, 0.6, 1.3, 2.5, 5.2];
  const positive = [0.4, 0.9, 1.8, 3.1];
  const cases: Readonly<Record<string, readonly [(x: Tensor) => Tensor, readonly number[]]>> = {
    lgamma: [lgamma, anywhere],
    digamma: [digamma, anywhere],
    trigamma: [(x) => polygamma(1, x), [-1.5, 0.9, 1.8, 3.1]],
    polygamma: [(x) => polygamma(2, x), [0.9, 1.8, 3.1]],
    mvlgamma: [(x) => mvlgamma(x, 3), [1.6, 2.2, 4.7]],
    zeta: [(x) => special.zeta(2.5, x), [0.9, 1.8, 3.1]],
    igamma: [(x) => igamma(tensor([0.5, 2, 3, 4]), x), positive],
    igammac: [(x) => igammac(tensor([0.5, 2, 3, 4]), x), positive],
    i0: [i0, anywhere],
    i0e: [special.i0e, anywhere],
    i1: [special.i1, [0, ...anywhere]],
    i1e: [special.i1e, anywhere],
    erfcx: [special.erfcx, [-1.2, -0.3, 0, 0.7, 2.4]],
    ndtr: [special.ndtr, anywhere],
    logNdtr: [special.logNdtr, anywhere],
    ndtri: [special.ndtri, [0.2, 0.4, 0.5, 0.75]],
    entr: [special.entr, positive],
  };
  test.each(Object.entries(cases))("%s", async (_, [f, at]) => {
    const x = tensor([...at], { requiresGrad: true });
    expect(await autograd.gradcheck(f, [x])).toBe(true);
    expect(await autograd.gradgradcheck(f, [x])).toBe(true);
  });
});

test("i1(x) exp(-|x|) has the derivative 1/2 at 0", async () => {
  const x = tensor([0, 1e-30], { requiresGrad: true });
  special.i1e(x).sum().backward();
  expectClose(await x.grad!.data(), [0.5, 0.5], 1e-6);
});

test("the incomplete gamma functions keep their digits for large and small parameters", async () => {
  // mpmath 1.2: gammainc(a, 0, x, regularized=True), gammainc(a, x, regularized=True)
  const a = tensor([1e-6, 0.5, 30, 63, 65, 1000, 1e6, 1e6]);
  const x = tensor([0.5, 1e-8, 28, 60, 50, 1100, 1e6, 998000]);
  const p = [0.99999944, 0.00011283792, 0.37738969, 0.36619221, 0.023603213, 0.99894068, 0.50013298, 0.022696114];
  const q = [5.5977389e-7, 0.99988716, 0.62261031, 0.63380779, 0.97639679, 0.0010593233, 0.49986702, 0.97730389];
  const [below, above] = [await igamma(a, x).data(), await igammac(a, x).data()];
  for (const [i, wanted] of p.entries()) expect(Math.abs(below[i]! / wanted - 1), `P ${i}`).toBeLessThan(3e-5);
  for (const [i, wanted] of q.entries()) expect(Math.abs(above[i]! / wanted - 1), `Q ${i}`).toBeLessThan(3e-5);
});

test("Chebyshev polynomials of a high degree are cos(n acos x)", async () => {
  const x = Float32Array.of(-0.99, -0.3, 0.1, 0.75);
  const y = await special.chebyshevPolynomialT(tensor(x), 20000).data();
  expectClose(
    y,
    Array.from(x, (value) => Math.cos(20000 * Math.acos(value))),
    5e-3,
  );
});

test("polynomials that leave float32's range are infinite, of the right sign", async () => {
  const y = await special.chebyshevPolynomialT(tensor([-1e10, 1e10, -1e10]), tensor([5, 5, 4])).data();
  expect([...y]).toEqual([-Infinity, Infinity, Infinity]);
});

test("what PyTorch does not differentiate is refused, or has no gradient", () => {
  const s = tensor([2, 3], { requiresGrad: true });
  expect(() => special.zeta(s, 1).sum().backward()).toThrow("zeta: has no derivative by its first operand");
  expect(() => igamma(s, 1).sum().backward()).toThrow("igamma: has no derivative by its first operand");
  expect(special.besselJ0(s).requiresGrad).toBe(false);
});

test("orders must be whole numbers", () => {
  expect(() => polygamma(-1, tensor([1]))).toThrow("polygamma: n must be a whole number from 0 on, got -1");
  expect(() => mvlgamma(tensor([1]), 0)).toThrow("mvlgamma: p must be a whole number from 1 on, got 0");
});

test("torch.special's other names are the functions that tensors have", async () => {
  const x = tensor([0.2, 0.7]);
  const same: readonly (readonly [Tensor, Tensor])[] = [
    [special.expit(x), x.sigmoid()],
    [special.round(x, { decimals: 1 }), x],
    [special.softmax(x, 0), x.softmax(0)],
    [special.logsumexp(x, 0, { keepdim: true }), x.logsumexp(0, { keepdim: true })],
    [special.psi(x), digamma(x)],
    [special.gammainc(x, 2), igamma(x, 2)],
    [special.multigammaln(tensor([2, 3]), 2), mvlgamma(tensor([2, 3]), 2)],
  ];
  for (const [a, b] of same) expectClose(await a.data(), await b.data(), 1e-7);
});
