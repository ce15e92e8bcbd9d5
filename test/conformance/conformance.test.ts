// PyTorch's own samples, as far as they are committed. The list of operators that pass them all only grows:
//   npm run conformance -- test/conformance/cases.jsonl.gz --whole test/conformance/whole.json

import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { nameOf, readCases } from "../../conformance/cases.js";
import { judge } from "../../conformance/judge.js";
import { count, groupsOf, newScore, type Score, wholeOf } from "../../conformance/scores.js";
import { openDevice } from "../device.js";
import listed from "./whole.json" with { type: "json" };

const CASES = fileURLToPath(new URL("cases.jsonl.gz", import.meta.url));
/** In ms: a driver that compiles slowly takes minutes for the kernels of all operators. */
const HOOK_TIMEOUT = 900_000;
const scores = new Map<string, Score>();

beforeAll(async () => {
  await openDevice();
  for (const sample of readCases([CASES])) {
    const name = nameOf(sample);
    const score = scores.get(name) ?? newScore(name, sample.tier);
    scores.set(name, score);
    count(score, sample.id, await judge(sample));
  }
  for (const { title, scores: own, whole, passed, failed, missing } of groupsOf([...scores.values()])) {
    console.log(
      `${title}: ${whole} of ${own.length} operators whole; cases: ${passed} passed, ${failed} failed, ${missing} missing`,
    );
  }
}, HOOK_TIMEOUT);

test("every listed operator has PyTorch's values and gradients in every case", () => {
  const broken = listed.flatMap((name) => scores.get(name)?.reasons.map((reason) => `${name} ${reason}`) ?? [name]);
  expect(broken).toEqual([]);
});

test("no other operator passes all its cases: it would belong on the list, which is sorted", () => {
  const whole = wholeOf([...scores.values()]);
  expect(whole.filter((name) => !listed.includes(name))).toEqual([]);
  expect(listed).toEqual([...new Set(listed)].sort());
});
