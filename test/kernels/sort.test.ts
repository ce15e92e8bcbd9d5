// Sorting on both sides of the kernel's size switch, against JavaScript's sort, which is stable.

import { beforeAll, expect, test } from "vitest";
import { tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { numbers } from "../numbers.js";

beforeAll(openDevice);

/** Positions of the values in their order, NaN last, or the other way round. */
function sorted(values: ArrayLike<number>, descending = false): number[] {
  const compare = (a: number, b: number): number => {
    if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
    return a - b;
  };
  const sign = descending ? -1 : 1;
  return Array.from(values, (_, i) => i).sort((i, j) => sign * compare(values[i]!, values[j]!));
}

test.each([1, 2, 3, 255, 256, 257, 1024, 1025, 2048, 5000, 70001])("rows of %i", async (length) => {
  const special = [Number.NaN, 0, -0, Infinity, -Infinity, 1e-42, -1e-42];
  const rows = [0, 1, 2].map((row) =>
    Array.from({ length }, (_, i) => special[(i * 31 + row) % 97] ?? Math.round(Math.sin(i * 7.3 + row) * 300) / 4),
  );
  const x = tensor(rows);
  for (const descending of [false, true]) {
    const indices = await x.argsort({ descending }).data();
    const wanted = rows.flatMap((row) => sorted(row, descending));
    expect(Array.from(indices)).toEqual(wanted);
  }
});

test("integers of the whole range", async () => {
  const values = [5, -(2 ** 31), 2 ** 31 - 1, -1, 0, 5, -(2 ** 31)];
  const x = tensor(values, { dtype: "int32" });
  expect(await x.argsort().toArray()).toEqual(sorted(values));
  expect(await x.argsort({ descending: true }).toArray()).toEqual(sorted(values, true));
  expect(await x.sort().values.toArray()).toEqual([...values].sort((a, b) => a - b));
});

test("long columns of bytes", async () => {
  const values = Array.from({ length: 3000 }, (_, i) => (i * 37) % 251);
  const x = tensor(values, { dtype: "uint8" }).reshape([1500, 2]);
  const columns = [0, 1].map((c) => sorted(values.filter((_, i) => i % 2 === c)));
  expect(await x.argsort(0).T.toArray()).toEqual(columns);
});

test("the gradient of a long sort goes back to where its elements were", async () => {
  const x = numbers([3000], 1).requiresGrad_();
  const { values, indices } = x.sort();
  const dy = numbers([3000], 2);
  values.backward(dy);
  expect(await x.grad!.gather(0, indices).toArray()).toEqual(await dy.toArray());
});
