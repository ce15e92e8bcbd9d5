// Prints the rows of test/ops/rows.ts as JSON, for scripts/goldens.py.

import { isDifferentiable, valuesOf } from "../test/ops/inputs.js";
import { rows } from "../test/ops/rows.js";

const cases = rows.map(({ op, torch, inputs }) => ({
  op,
  torch,
  inputs: Object.entries(inputs).map(([name, spec], salt) => ({
    name,
    shape: spec.shape,
    kind: spec.kind ?? "float",
    differentiable: isDifferentiable(spec),
    values: valuesOf(spec, salt).map((value) => (Number.isFinite(value) ? value : String(value))),
  })),
}));
console.log(JSON.stringify(cases));
