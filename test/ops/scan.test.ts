// Scans at sizes on both sides of their kernel's switches, against a loop on the host.

import { beforeAll, describe, expect, test } from "vitest";
import { cummax, logcumsumexp, ones, type Tensor, tensor, zeros } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

beforeAll(openDevice);

/** Shape and dimension: one lane a row, one workgroup, several, two levels of them; rows side by side likewise. */
const layouts: readonly [readonly number[], number][] = [
  [[5, 7], 1],
  [[3, 31], 1],
  [[2, 32], 1],
  [[2, 1000, 3], 1],
  [[1025], 0],
  [[2, 2500], 1],
  [[300, 17], 0],
  [[2, 256, 16], 1],
  [[70001], 0],
  [[66000, 16], 0],
];

function numbers(shape: readonly number[]): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  return tensor(Float32Array.from({ length: count }, (_, i) => (((i + 1) * 0.6180339887) % 1) * 2 - 1)).reshape(shape);
}

/** y of a row from its elements, in the order of the scan. */
async function onHost(x: Tensor, dim: number, reverse: boolean, step: () => (v: number) => number): Promise<number[]> {
  const data = await x.data();
  const I = x.shape.slice(dim + 1).reduce((a, b) => a * b, 1);
  const D = x.shape[dim]!;
  const y = new Array<number>(data.length);
  for (let row = 0; row < data.length / D; row++) {
    const base = Math.floor(row / I) * D * I + (row % I);
    const next = step();
    for (let e = 0; e < D; e++) {
      const at = base + (reverse ? D - 1 - e : e) * I;
      y[at] = next(data[at]!);
    }
  }
  return y;
}

describe.each(layouts)("along %j, dimension %i", (shape, dim) => {
  test.each([false, true])("sums, reversed: %s", async (reverse) => {
    const x = numbers(shape);
    const wanted = await onHost(x, dim, reverse, () => {
      let sum = 0;
      return (v) => (sum += v);
    });
    expectClose(await x.cumsumAs({ dim, reverse }).data(), wanted, 2e-4); // one float32 sum after another is as far off
  });

  test.each([false, true])("products of all before, reversed: %s", async (reverse) => {
    const x = numbers(shape).mul(0.01).add(1);
    const wanted = await onHost(x, dim, reverse, () => {
      let [before, product] = [1, 1];
      return (v) => {
        [before, product] = [product, product * v];
        return before;
      };
    });
    expectClose(await x.cumprodAs({ dim, reverse, exclusive: true }).data(), wanted, 1e-4);
  });

  test("recurrences", async () => {
    const [a, b] = [numbers(shape), numbers(shape).abs()];
    const wanted = await onHost(a, dim, false, () => {
      let h = 0;
      return (v) => (h = v * h + Math.abs(v));
    });
    expectClose(await a.recurrence(b, { dim }).data(), wanted, 1e-5);
  });

  test("the largest so far, ties and a NaN at the end", async () => {
    const x = numbers(shape).mul(4).round(); // many ties: the last of equals
    const data = await x.data();
    data[data.length - 1] = Number.NaN;
    const withNaN = tensor(data).reshape(shape);
    const wanted = await onHost(withNaN, dim, false, () => {
      let [best, e, at] = [Number.NEGATIVE_INFINITY, -1, -1];
      return (v) => {
        e++;
        if (Number.isNaN(v) || (!Number.isNaN(best) && v >= best)) [best, at] = [v, e];
        return at;
      };
    });
    expect(Array.from(await cummax(withNaN, dim).indices.data())).toEqual(wanted);
  });

  test("logarithms of sums of exponentials", async () => {
    const x = numbers(shape).mul(50);
    const wanted = await onHost(x, dim, false, () => {
      let y = Number.NEGATIVE_INFINITY;
      return (v) => (y = Math.max(v, y) + Math.log1p(Math.exp(-Math.abs(v - y))));
    });
    expectClose(await logcumsumexp(x, dim).data(), wanted, 1e-5);
  });
});

test("a sum of many ones does not get stuck", async () => {
  const x = ones([200001]).add(zeros([200001]).indexAdd(0, tensor([0], { dtype: "int32" }), tensor([2 ** 24 - 1])));
  const y = await x.cumsum(0).data();
  expect(Math.abs(y[200000]! - (2 ** 24 + 200000))).toBeLessThan(32); // the 15 ones that share a lane with the large one
});

test("whole numbers are exact and wrap", async () => {
  const x = tensor(
    Array.from({ length: 5000 }, (_, i) => 400009 * i),
    { dtype: "int32" },
  );
  let sum = 0;
  const wanted = Array.from(await x.data(), (v) => (sum = (sum + v) | 0));
  expect(Array.from(await x.cumsum(0).data())).toEqual(wanted);
});

test("a scan twice has the same bits", async () => {
  const x = numbers([70001]);
  expect(await x.cumsum(0).data()).toEqual(await x.cumsum(0).data());
});
