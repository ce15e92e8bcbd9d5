// Every op against PyTorch: values, shapes, dtypes and gradients, on odd shapes, views and broadcast operands.

import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { tensor } from "../../src/index.js";
import { openDevice } from "../device.js";
import { expectClose } from "../expect.js";
import { cotangent, makeInputs } from "./inputs.js";
import { rows } from "./rows.js";

interface Golden {
  readonly op: string;
  readonly torch: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly y: readonly (number | string)[];
  readonly grads?: Readonly<Record<string, readonly (number | string)[]>>;
}

const goldens = JSON.parse(readFileSync(new URL("../goldens/ops.json", import.meta.url), "utf8")) as Golden[];

beforeAll(openDevice);

test("there is a golden for every row", () => {
  expect(goldens.map(({ op, torch }) => `${op}: ${torch}`)).toEqual(rows.map(({ op, torch }) => `${op}: ${torch}`));
});

describe.each(rows.map((row, i) => ({ name: `${row.op}: ${row.torch}`, row, golden: goldens[i]! })))(
  "$name",
  ({ row, golden }) => {
    const tolerance = row.tolerance ?? 1e-5;

    test("has PyTorch's result", async () => {
      const y = row.run(makeInputs(row).inputs);
      expect(y.shape).toEqual(golden.shape);
      expect(y.dtype).toBe(golden.dtype);
      expectClose(await y.data(), golden.y.map(Number), tolerance);
    });

    if (golden.grads === undefined) return; // nothing to differentiate
    test("has PyTorch's gradients", async () => {
      const { leaves, inputs } = makeInputs(row);
      // Gradients with respect to what the op was given, not to the memory behind a view.
      const given = Object.fromEntries(Object.keys(golden.grads!).map((name) => [name, inputs[name]!]));
      for (const input of Object.values(given)) input.retainGrad();
      const y = row.run(inputs);
      y.backward(tensor(cotangent(y.numel())).reshape(y.shape));
      for (const [name, input] of Object.entries(given)) {
        const grad = input.isLeaf ? leaves[name]!.grad : input.grad;
        expectClose(await grad!.data(), golden.grads![name]!.map(Number), tolerance * 3, `d/d${name}`);
      }
    });
  },
);
