// The judge itself: what it lets pass, and what not.

import { beforeAll, expect, test } from "vitest";
import type { Case } from "../../conformance/cases.js";
import { encodeTensor } from "../../conformance/decode.js";
import { compareGradients } from "../../conformance/gradients.js";
import { judge } from "../../conformance/judge.js";
import { tensor } from "../../src/index.js";
import { openDevice } from "../device.js";

beforeAll(openDevice);

/** x.max(1) of [[3, 3, 1], [0, 2, 2]], said to be found at `at`. */
async function maxima(at: readonly number[]): Promise<Case> {
  const input = await encodeTensor(
    tensor([
      [3, 3, 1],
      [0, 2, 2],
    ]),
  );
  const values = await encodeTensor(tensor([3, 2]));
  const indices = await encodeTensor(tensor(at, { dtype: "int32" }));
  const sig = [
    ["input", "req", "input"],
    ["dim", "ovl", "args.0"],
  ] as const;
  const out = { tuple: [values, indices] };
  const numbers = { id: 0, atol: 0, rtol: 0 };
  return {
    op: "max",
    variant: "",
    tier: "1",
    input: { t: { ...input.t, id: 0 } },
    args: [1],
    kwargs: {},
    sig,
    out,
    cmp: ["value", "indices"],
    ...numbers,
  };
}

test("any index of an equal value will do, no other", async () => {
  expect(await judge(await maxima([0, 1]))).toMatchObject({ kind: "passed" });
  expect(await judge(await maxima([1, 2]))).toMatchObject({ kind: "passed" });
  expect(await judge(await maxima([1, 0]))).toMatchObject({
    kind: "failed",
    why: expect.stringContaining("output 1 points at a value"),
  });
});

test("gradients up to symmetry are held to their tolerance", async () => {
  const differenceAt = async (wanted: number[][]): Promise<string | undefined> => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const y = x
      .mul(
        tensor([
          [1, 5],
          [0, 1],
        ]),
      )
      .sum(); // dx is [[1, 5], [0, 1]]
    const gradient = await encodeTensor(tensor(wanted));
    const one = { of: "0", tensor: x, gradient, tolerance: { atol: 1e-6, rtol: 0 } };
    return compareGradients([[y, null]], [await encodeTensor(tensor(1))], [one], { isUpToSymmetry: true });
  };
  expect(
    await differenceAt([
      [1, 2],
      [3, 1],
    ]),
  ).toBeUndefined();
  expect(
    await differenceAt([
      [1, 2],
      [3.0005, 1],
    ]),
  ).toContain("gradient 0 [1] is 5");
});
