// Fourier transforms against their sums, computed here in double precision.

import { beforeAll, describe, expect, test } from "vitest";
import { autograd, fft, randn, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

function sums(x: ArrayLike<number>, sign: number): { real: number[]; imag: number[] } {
  const n = x.length;
  const points = Array.from({ length: n }, (_, k) => k);
  const sum = (k: number, wave: readonly number[]): number => {
    let total = 0;
    for (let j = 0; j < n; j++) total += x[j]! * wave[(j * k) % n]!;
    return total;
  };
  const angles = points.map((k) => (sign * 2 * Math.PI * k) / n);
  const [cos, sin] = [angles.map(Math.cos), angles.map(Math.sin)];
  return { real: points.map((k) => sum(k, cos)), imag: points.map((k) => sum(k, sin)) };
}

describe("transforms of n points are the sums that define them", () => {
  // One point; one matrix at most; a prime that must be one matrix; products of two and of more factors.
  test.each([1, 2, 7, 64, 67, 66, 360, 1000, 4225])("n = %i", async (n) => {
    const x = randn([n]);
    const wanted = sums(await x.data(), -1);
    const { real, imag } = fft.fft(x);
    const tolerance = 1e-6 * n;
    expectClose(await real.data(), wanted.real, tolerance, "real");
    expectClose(await imag.data(), wanted.imag, tolerance, "imag");
    expectClose(await fft.irfft(fft.rfft(x), n).data(), await x.data(), 1e-5, "irfft(rfft(x))");
  });
});

test("inverses give back what was transformed, in every norm and along every dimension", async () => {
  const x = { real: randn([3, 6, 5]), imag: randn([3, 6, 5]) };
  for (const norm of ["backward", "ortho", "forward"] as const) {
    const there = fft.fftn(x, { dim: [2, 0], norm });
    const back = fft.ifftn(there, { dim: [0, 2], norm });
    expectClose(await back.real.data(), await x.real.data(), 1e-5, norm);
    expectClose(await back.imag.data(), await x.imag.data(), 1e-5, norm);
    const half = fft.rfft2(x.real, { norm });
    expect(half.real.shape).toEqual([3, 6, 3]);
    expectClose(await fft.irfft2(half, [6, 5], { norm }).data(), await x.real.data(), 1e-5, norm);
    const mirrored = fft.ihfft(x.real, { dim: 1, norm });
    expectClose(await fft.hfft(mirrored, 6, { dim: 1, norm }).data(), await x.real.data(), 1e-5, norm);
  }
});

test("derivatives of real and complex transforms meet central differences", async () => {
  const x = randn([2, 5]).requiresGrad_();
  const y = randn([2, 5]).requiresGrad_();
  const power = (x: Tensor, y: Tensor): Tensor => {
    const { real, imag } = fft.fft2({ real: x, imag: y });
    return real.square().add(imag.square());
  };
  expect(await autograd.gradcheck(power, [x, y], { rtol: 2e-2, atol: 2e-2 })).toBe(true);
  expect(await autograd.gradcheck((x) => fft.irfft(x, 7), [x])).toBe(true);
  expect(await autograd.gradgradcheck((x) => fft.hfft2(x).square(), [x], { rtol: 2e-2, atol: 2e-2 })).toBe(true);
});

test("frequencies, and the order that has 0 in the middle", async () => {
  expectClose(await fft.fftfreq(5, { d: 0.5 }).data(), [0, 0.4, 0.8, -0.8, -0.4], 1e-6);
  expectClose(await fft.rfftfreq(5).data(), [0, 0.2, 0.4], 1e-6);
  expect([...(await fft.fftshift(tensor([0, 1, 2, -2, -1])).data())]).toEqual([-2, -1, 0, 1, 2]);
  expect([...(await fft.ifftshift(tensor([-2, -1, 0, 1, 2])).data())]).toEqual([0, 1, 2, -2, -1]);
});

test("what cannot be transformed is refused", () => {
  const x = randn([4, 3]);
  expect(() => fft.fft(x, 0)).toThrow("fft: the number of points must be a whole number from 1 on, got [0]");
  expect(() => fft.irfft(randn([4, 1]))).toThrow("irfft: the number of points");
  expect(() => fft.fftn(x, { dim: [0, -2] })).toThrow("fftn: dimensions [0, -2] name one dimension twice");
  expect(() => fft.fft2(x, [4], { dim: [0, 1] })).toThrow("fft2: shape [4, 3]: there are 1 sizes for 2 dimensions");
  expect(() => fft.fft(x, 4, { norm: "none" as "ortho" })).toThrow('fft: norm "none" is not known');
  expect(() => fft.rfft({ real: x, imag: x } as unknown as Tensor)).toThrow("rfft: takes real numbers");
  expect(() => fft.fft({ real: x, imag: randn([3]) })).toThrow("the parts differ in shape");
});
