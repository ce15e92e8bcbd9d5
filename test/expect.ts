// Comparing numbers.

import { expect } from "vitest";

/**
 * |got - wanted| <= tolerance * max(1, |wanted|) element by element. NaN equals NaN, and infinities must agree in sign.
 */
export function expectClose(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number, what = "y"): void {
  expect(got.length, `${what}: number of elements`).toBe(wanted.length);
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i]!, wanted[i]!];
    if (Object.is(a, b) || a === b) continue;
    const isClose = Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
    if (!isClose)
      expect.fail(
        `${what}[${i}] is ${a}, wanted ${b} (off by ${Math.abs(a - b).toExponential(1)}, allowed ${tolerance})`,
      );
  }
}
