// npm run parity -- <file or folder>... [--adapter NAME] [--verbose]
//
// Repeats training runs that real PyTorch made, from their initial weights and data, and compares every step's loss and the
// final weights; also optimizers.json (parameters after each step) and schedulers.json (learning rates), where there are
// such files. Prints a table of errors as fractions of what is allowed and exits with 1 when one is above 1.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { init } from "tapegrad";
import { judgeOptimizers, type OptimizersFile } from "./optimizers.js";
import { judgeSchedulers, type SchedulersFile } from "./schedulers.js";
import { judgeTraining, type TrainingFile } from "./training.js";
import { type Row, tableOf } from "./verdict.js";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { adapter: { type: "string" }, verbose: { type: "boolean", default: false } },
});

if (positionals.length === 0) {
  console.error("usage: npm run parity -- <file or folder>... [--adapter NAME] [--verbose]");
  process.exit(2);
}
const { adapter } = await init(options.adapter === undefined ? {} : { adapter: options.adapter });
console.log(`${adapter.description}${adapter.isSoftware ? " (software)" : ""}`);

/** The rows of one file, as they come. */
async function* rowsOf(file: string): AsyncGenerator<Row> {
  const contents: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (basename(file) === "optimizers.json") yield* judgeOptimizers(contents as OptimizersFile);
  else if (basename(file) === "schedulers.json") yield* judgeSchedulers(contents as SchedulersFile);
  else yield await judgeTraining(contents as TrainingFile);
}

const files = positionals.flatMap((path) => {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /^(train_.*|optimizers|schedulers)\.json$/.test(name))
    .sort()
    .map((name) => join(path, name));
});
const rows: Row[] = [];
for (const file of files) {
  for await (const row of rowsOf(file)) {
    rows.push(row);
    for (const failure of row.failures.slice(0, options.verbose ? 100 : 3)) console.log(`${row.run}: ${failure}`);
  }
}
console.log(tableOf(rows));
const failed = rows.filter(({ failures }) => failures.length > 0).length;
console.log(`${rows.length - failed} of ${rows.length} runs agree with PyTorch`);
process.exitCode = failed > 0 || rows.length === 0 ? 1 : 0;
