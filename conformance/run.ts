// npm run conformance -- <file or folder>... [--op NAME] [--json FILE] [--table FILE] [--whole FILE] [--adapter NAME]
//   [--beside FILE] [--gradcheck] [--verbose]
//
// Runs PyTorch's own sample inputs through the public API, forward and backward, and prints a line per operator or module
// and the totals. --op takes several names with commas between them. --table writes the scores as Markdown, with the
// totals of other runs whose --json files are given by --beside; --whole writes the names that passed every case.
// --gradcheck holds the derivatives against central differences instead. Exits with 1 when a case fails; what tapegrad
// lacks is missing, not failed.

import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { init } from "tapegrad";
import { casesByName, nameOf, readCases, readModuleCases } from "./cases.js";
import { checkableCase } from "./differences.js";
import { judge, judgeDifferences } from "./judge.js";
import { judgeModule } from "./modules.js";
import { count, groupsOf, newScore, type Score, wholeOf } from "./scores.js";
import { type Results, tableOf } from "./table.js";
import type { Verdict } from "./verdict.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    op: { type: "string" },
    json: { type: "string" },
    table: { type: "string" },
    beside: { type: "string", multiple: true, default: [] },
    whole: { type: "string" },
    adapter: { type: "string" },
    gradcheck: { type: "boolean", default: false },
    verbose: { type: "boolean", default: false },
  },
});

if (positionals.length === 0) {
  console.error(
    "usage: npm run conformance -- <file or folder>... [--op NAME] [--json FILE] [--table FILE] [--whole FILE] [--adapter NAME]",
  );
  process.exit(2);
}
const { adapter } = await init(options.adapter === undefined ? {} : { adapter: options.adapter });

interface Trial {
  readonly op: string;
  readonly variant: string;
  readonly tier: string;
  readonly id: number;
  readonly verdict: () => Promise<Verdict>;
}

function* trials(): Generator<Trial> {
  if (options.gradcheck) return yield* differenceTrials();
  for (const test of readCases(positionals)) yield { ...test, verdict: () => judge(test) };
  for (const test of readModuleCases(positionals)) {
    yield { op: test.module, variant: "", tier: "modules", id: test.id, verdict: () => judgeModule(test) };
  }
}

function* differenceTrials(): Generator<Trial> {
  for (const [name, cases] of casesByName(readCases(positionals))) {
    const test = isWanted(cases[0]!.op, name) ? checkableCase(cases) : undefined;
    if (test !== undefined) yield { ...test, verdict: () => judgeDifferences(test) };
  }
}

function print({ op, passed, failed, missing, reasons }: Score): void {
  const counts = [`${passed} passed`, failed && `${failed} failed`, missing && `${missing} missing`].filter(Boolean);
  console.log(`${op.padEnd(44)} ${counts.join(", ")}`);
  for (const reason of reasons.slice(0, options.verbose ? 20 : 1)) console.log(`    ${reason.slice(0, 240)}`);
}

function isWanted(op: string, name: string): boolean {
  return options.op === undefined || [op, name].some((one) => options.op!.split(",").includes(one));
}

const scores = new Map<string, Score>();
let last: Score | undefined;
for (const { op, variant, tier, id, verdict } of trials()) {
  const name = nameOf({ op, variant });
  if (!isWanted(op, name)) continue;
  const key = `${tier} ${name}`;
  const score = scores.get(key) ?? newScore(name, tier);
  scores.set(key, score);
  if (last !== undefined && last !== score) print(last);
  last = score;
  count(score, id, await verdict());
}
if (last !== undefined) print(last);

const all = [...scores.values()];
for (const { title, kind, scores: own, whole, passed, failed, missing } of groupsOf(all)) {
  console.log(
    `${title}: ${whole} of ${own.length} ${kind} whole; cases: ${passed} passed, ${failed} failed, ${missing} missing`,
  );
}
const { description, isSoftware } = adapter;
const results: Results = { adapter: `${description}${isSoftware ? " (software)" : ""}`, scores: all };
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
if (options.whole !== undefined) writeFileSync(options.whole, `${JSON.stringify(wholeOf(all), null, 2)}\n`);
if (options.table !== undefined) {
  const others = options.beside.map((file) => JSON.parse(readFileSync(file, "utf8")) as Results);
  const named = (["op", "adapter", "table"] as const).flatMap((name) => {
    return options[name] === undefined ? [] : [`--${name}`, options[name]];
  });
  const beside = options.beside.flatMap((file) => ["--beside", file]);
  writeFileSync(options.table, tableOf([results, ...others], [...positionals, ...named, ...beside]));
}
process.exitCode = all.some(({ failed }) => failed > 0) ? 1 : 0;
