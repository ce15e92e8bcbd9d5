// Every derivative against central differences, first and second order.

import { beforeAll, expect, test } from "vitest";
import { autograd, type Tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { makeInputs, meetsDifferences } from "./inputs.js";
import { rows } from "./rows.js";

beforeAll(openDevice);

for (const row of rows.filter(meetsDifferences)) {
  const names = Object.keys(row.inputs);
  const run: autograd.Checked = (...inputs) => {
    return row.run(Object.fromEntries(names.map((name, i) => [name, inputs[i]!])));
  };

  test(`${row.op}: ${row.torch}: the derivative meets central differences`, async () => {
    const { inputs } = makeInputs(row);
    const given = names.map((name) => inputs[name]!);
    const y = row.run(inputs);
    expect(await autograd.gradcheck(run, given.map(leafOf))).toBe(true);
    if (!y.requiresGrad) return;
    expect(await autograd.gradgradcheck(run, given.map(leafOf))).toBe(true);
  });
}

/** The same values as a leaf of their own. */
function leafOf(x: Tensor): Tensor {
  return x.requiresGrad ? x.detach().clone().requiresGrad_() : x;
}
