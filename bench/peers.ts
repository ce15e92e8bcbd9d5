// npm run bench:peers [-- part of a name ...] [--keep] [--quick]: tapegrad, TensorFlow.js and jax-js on one adapter, in turn.
// TAPEGRAD_ADAPTER chooses the adapter. A whole run is written to bench/results/; with --keep, what was measured replaces
// those rows of the day's file.

import { cpus } from "node:os";
import { type Budget, type Measured, measure, type Timing } from "./measure-peers.js";
import { preparePeers } from "./peers/bundle.js";
import { reportOfToday, writeReport } from "./report-file.js";
import { workloads } from "./workloads/index.js";

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const parts = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const quick = flags.includes("--quick");
const isWhole = parts.length === 0 && !quick;
const budget: Budget = quick
  ? { rounds: 500, minRounds: 3, maxRounds: 10, patience: 120_000 }
  : { rounds: 2500, minRounds: 5, maxRounds: 40, patience: 180_000 };

process.env["TAPEGRAD_ADAPTER"] ??= "swiftshader";
process.env["MESA_SHADER_CACHE_DISABLE"] ??= "true"; // first calls are those of a new user

const results: Measured[] = [];
const milliseconds = (ms: number | undefined): string => (ms === undefined ? "" : ms.toFixed(ms < 10 ? 2 : 1));

function row({ name, timings, ratio }: Measured): string {
  const cell = ({ medianMs, firstMs, notAvailable, error }: Timing): string =>
    medianMs !== undefined
      ? `${milliseconds(medianMs)} (${milliseconds(firstMs)})`
      : error === undefined
        ? `n/a: ${notAvailable}`
        : `ERROR: ${error.slice(0, 300)}`;
  const cells = timings.map((timing) => `  ${timing.framework} ${timing.form} ${cell(timing)}`);
  return `${name.padEnd(44)} R = ${ratio?.toFixed(2) ?? "?"}\n${cells.join("\n")}`;
}

function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function keep(): void {
  const old = isWhole ? [] : (reportOfToday<{ workloads: Measured[] }>("peers", adapter)?.workloads ?? []);
  const rows = new Map([...old, ...results].map((result) => [result.name, result]));
  const inOrder = workloads.flatMap(({ name }) => rows.get(name) ?? []);
  const versions = Object.assign({}, ...inOrder.map((result) => result.versions));
  writeReport("peers", adapter, { versions, workloads: inOrder });
}

await preparePeers();
const adapter = process.env["TAPEGRAD_ADAPTER"];
const chosen = workloads.filter(({ name }) => parts.length === 0 || parts.some((part) => name.includes(part)));
console.log(`${adapter}, ${cpus()[0]?.model} x ${cpus().length}; milliseconds: median (first run)`);
for (const [i, workload] of chosen.entries()) {
  const measured = await measure(workload, budget, (text) =>
    say(`[${i + 1}/${chosen.length}] ${workload.name}: ${text}`),
  );
  results.push(measured);
  say("");
  console.log(row(measured));
  if (isWhole || flags.includes("--keep")) keep(); // after each, so that a run that is cut off is not lost
}
const failed = results.flatMap(({ name, timings }) =>
  timings.filter(({ error }) => error !== undefined).map((timing) => `${name}, ${timing.framework} ${timing.form}`),
);
if (failed.length > 0) {
  console.error(`failed: ${failed.join("; ")}`);
  process.exitCode = 1;
}
