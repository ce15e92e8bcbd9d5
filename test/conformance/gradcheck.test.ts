// The derivatives of the operators in whole.json against central differences, first and second order, on one of
// PyTorch's samples, of about a dozen elements.

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { casesByName, readCases } from "../../conformance/cases.js";
import { checkableCase, compareDifferences } from "../../conformance/differences.js";
import { openDevice } from "../device.js";
import whole from "./whole.json" with { type: "json" };

const cases = casesByName(readCases([fileURLToPath(new URL("cases.jsonl.gz", import.meta.url))]));

/** Where central differences say nothing, and why. */
const EXEMPT: Readonly<Record<string, string>> = {
  pow: "the powers reach 10^7, of which float32 keeps too few digits for the differences of the small ones",
  float_power: "as pow",
  "nn.functional.poisson_nll_loss": "slopes of 4 beside losses in the thousands, likewise",
  "round {decimals_3}": "steps of 0.001, narrower than the differences",
};
/** Where the sample is so steep that the steps must be smaller. */
const STEPS: Readonly<Record<string, number>> = {
  "nn.functional.kl_div": 3e-4,
  "special.ndtri": 3e-4,
};

beforeAll(openDevice);

for (const name of whole) {
  const sample = checkableCase(cases.get(name) ?? []);
  if (sample === undefined || EXEMPT[name] !== undefined) continue;
  test(`${name}: the derivatives meet central differences`, async () => {
    expect(await compareDifferences(sample, STEPS[name] === undefined ? {} : { eps: STEPS[name] })).toBeUndefined();
  });
}

test("nothing is exempt that has no sample to check", () => {
  expect(Object.keys(EXEMPT).filter((name) => checkableCase(cases.get(name) ?? []) === undefined)).toEqual([]);
});
