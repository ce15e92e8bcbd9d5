// Softmax of rows that vectors do not divide, against float64 on the host. Software adapters, which have a lane for each of
// so many rows, read them as vectors all the same.

import { beforeAll, expect, test } from "vitest";
import { autograd, type Tensor, tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";

const ROWS = 33;
const SPOILED = [1, 3];

beforeAll(openDevice);

/** Numbers in [-1, 1) that repeat late. */
function numbers(count: number, salt: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => (((i + 1) * 0.6180339887 + salt) % 1) * 2 - 1);
}

async function rowsOf(y: Tensor): Promise<number[][]> {
  return (await y.toArray()) as number[][];
}

test.each([257, 258, 259])("rows of %i do not see those beside them", async (C) => {
  const [values, slopes] = [numbers(ROWS * C, 0), numbers(ROWS * C, 0.37)];
  values.fill(NaN, C, 2 * C);
  values[4 * C - 1] = Infinity; // the last of row 3
  values.fill(1e4, 5 * C, 6 * C);
  const x = tensor(values, { requiresGrad: true });
  const dy = tensor(slopes).reshape([ROWS, C]);
  for (const isLog of [false, true]) {
    const rows = x.reshape([ROWS, C]);
    const y = isLog ? rows.logSoftmax(1) : rows.softmax(1);
    const [dx] = autograd.grad(y.mul(dy).sum(), [rows]);
    const [got, slope] = [await rowsOf(y), await rowsOf(dx!)];
    for (let r = 0; r < ROWS; r++) {
      const [v, g] = [values, slopes].map((all) => Array.from(all.subarray(r * C, (r + 1) * C))) as [
        number[],
        number[],
      ];
      if (SPOILED.includes(r)) {
        expect([got[r]!.at(-1), slope[r]!.at(-1)]).toEqual([NaN, NaN]);
        continue;
      }
      const m = Math.max(...v);
      const s = v.reduce((sum, value) => sum + Math.exp(value - m), 0);
      const p = v.map((value) => Math.exp(value - m) / s);
      const along = g.reduce((sum, own, c) => sum + (isLog ? own : own * p[c]!), 0);
      const wanted = isLog ? v.map((value) => value - m - Math.log(s)) : p;
      const slopeWanted = p.map((own, c) => (isLog ? g[c]! - own * along : own * (g[c]! - along)));
      expectClose(got[r]!, wanted, isLog ? 2e-6 : 1e-7, `row ${r}`);
      expectClose(slope[r]!, slopeWanted, isLog ? 2e-6 : 1e-7, `dx of row ${r}`);
    }
  }
});
