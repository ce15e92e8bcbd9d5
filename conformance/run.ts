// npm run conformance -- <file or folder>... [--op NAME] [--json FILE] [--adapter NAME] [--verbose]
//
// Runs PyTorch's own sample inputs through the public API, forward and backward, and prints a line per operator and the
// totals per tier. Exits with 1 when a case fails; an operator that tapegrad lacks is missing, not failed.

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { init } from "tapegrad";
import { type Case, readCases } from "./cases.js";
import { judge } from "./judge.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    op: { type: "string" },
    json: { type: "string" },
    adapter: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

interface Score {
  readonly op: string;
  readonly tier: string;
  passed: number;
  failed: number;
  missing: number;
  /** The first reasons. */
  readonly reasons: string[];
}

const scores = new Map<string, Score>();

function scoreOf({ op, variant, tier }: Case): Score {
  const name = variant === "" ? op : `${op} {${variant}}`;
  const key = `${tier} ${name}`;
  let score = scores.get(key);
  if (score === undefined) {
    score = { op: name, tier, passed: 0, failed: 0, missing: 0, reasons: [] };
    scores.set(key, score);
  }
  return score;
}

function print({ op, passed, failed, missing, reasons }: Score): void {
  const counts = [`${passed} passed`, failed && `${failed} failed`, missing && `${missing} missing`].filter(Boolean);
  console.log(`${op.padEnd(44)} ${counts.join(", ")}`);
  for (const reason of reasons.slice(0, options.verbose ? 20 : 1)) console.log(`    ${reason.slice(0, 240)}`);
}

if (positionals.length === 0) {
  console.error("usage: npm run conformance -- <file or folder>... [--op NAME] [--json FILE] [--adapter NAME]");
  process.exit(2);
}
await init(options.adapter === undefined ? {} : { adapter: options.adapter });
let last: Score | undefined;
for (const test of readCases(positionals)) {
  if (options.op !== undefined && test.op !== options.op && !`${test.op} {${test.variant}}`.includes(options.op))
    continue;
  const score = scoreOf(test);
  if (last !== undefined && last !== score) print(last);
  last = score;
  const verdict = await judge(test);
  score[verdict.kind]++;
  if (verdict.kind !== "passed") score.reasons.push(`#${test.id}: ${verdict.why}`);
}
if (last !== undefined) print(last);

const all = [...scores.values()];
for (const tier of [...new Set(all.map((score) => score.tier))].sort()) {
  const own = all.filter((score) => score.tier === tier);
  const sum = (kind: "passed" | "failed" | "missing"): number => own.reduce((total, score) => total + score[kind], 0);
  const whole = own.filter(({ failed, missing }) => failed + missing === 0).length;
  console.log(
    `tier ${tier}: ${whole} of ${own.length} operators whole; cases: ${sum("passed")} passed, ${sum("failed")} failed, ${sum("missing")} missing`,
  );
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(all, null, 1)}\n`);
process.exitCode = all.some(({ failed }) => failed > 0) ? 1 : 0;
