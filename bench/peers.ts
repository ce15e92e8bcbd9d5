// npm run bench:peers [-- part of a name] [--quick]: tapegrad, TensorFlow.js and jax-js on one adapter, in turn.
// TAPEGRAD_ADAPTER chooses the adapter. A whole run is written to bench/results/.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { type Budget, type Measured, measure, type Timing } from "./measure-peers.js";
import { preparePeers } from "./peers/open.js";
import { workloads } from "./workloads/index.js";

const flags = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const part = process.argv.slice(2).find((argument) => !argument.startsWith("--")) ?? "";
const quick = flags.includes("--quick");
const budget: Budget = quick
  ? { rounds: 500, minRounds: 3, maxRounds: 10, patience: 60_000 }
  : { rounds: 3000, minRounds: 5, maxRounds: 40, patience: 60_000 };

process.env["TAPEGRAD_ADAPTER"] ??= "swiftshader";
process.env["MESA_SHADER_CACHE_DISABLE"] ??= "true"; // first calls are those of a new user

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

await preparePeers();
const adapter = process.env["TAPEGRAD_ADAPTER"];
const chosen = workloads.filter(({ name }) => name.includes(part));
console.log(`${adapter}, ${cpus()[0]?.model} x ${cpus().length}; milliseconds: median (first run)`);
const results: Measured[] = [];
for (const [i, workload] of chosen.entries()) {
  const measured = await measure(workload, budget, (text) =>
    say(`[${i + 1}/${chosen.length}] ${workload.name}: ${text}`),
  );
  results.push(measured);
  say("");
  console.log(row(measured));
}
if (part === "" && !quick) {
  const date = new Date().toISOString();
  const cpu = { model: cpus()[0]?.model, cores: cpus().length };
  const versions = Object.assign({}, ...results.map((result) => result.versions));
  const report = { kind: "peers", adapter, date, cpu, node: process.version, versions, workloads: results };
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${date.slice(0, 10)}-${adapter}-peers.json`, folder), `${JSON.stringify(report, null, 1)}\n`);
}
const failed = results.flatMap(({ name, timings }) =>
  timings.filter(({ error }) => error !== undefined).map((timing) => `${name}, ${timing.framework} ${timing.form}`),
);
if (failed.length > 0) {
  console.error(`failed: ${failed.join("; ")}`);
  process.exitCode = 1;
}
