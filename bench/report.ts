// npm run bench:report: the tables of docs/performance.md, between its markers, and its figure, from bench/results/.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { ratioFigure } from "./report-figure.js";
import { coldTable, countsTable, dataTable, oursTable, peersTable, trainingTable } from "./report-tables.js";
import type { Circumstances, ColdReport, DataReport, OursReport, PeersReport, TrainingReport } from "./report-types.js";

const results = new URL("results/", import.meta.url);
const page = new URL("../docs/performance.md", import.meta.url);

/** The newest file of a kind for each adapter. */
function newest<T extends Circumstances>(kind: string): T[] {
  const reports = new Map<string, T>();
  for (const name of existsSync(results) ? readdirSync(results).sort() : []) {
    if (!name.endsWith(`-${kind}.json`)) continue;
    const report = JSON.parse(readFileSync(new URL(name, results), "utf8")) as T;
    reports.set(report.adapter, report);
  }
  return [...reports.values()].sort((a, b) => a.adapter.localeCompare(b.adapter));
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
function fill(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`docs/performance.md lacks the markers ${open} and ${close}`);
  return `${text.slice(0, from + open.length)}\n\n${content}\n\n${text.slice(to)}`;
}

const missing = (command: string) => `Not measured yet: \`npm run ${command}\`.`;
const tables = <T>(reports: readonly T[], table: (report: T) => string, command: string): string =>
  reports.length === 0 ? missing(command) : reports.map(table).join("\n\n");

const peers = newest<PeersReport>("peers");
const ours = newest<OursReport>("ours");
let text = readFileSync(page, "utf8");
text = fill(text, "peers", tables(peers, peersTable, "bench:peers"));
text = fill(text, "ours", tables(ours, oursTable, "bench"));
text = fill(text, "counts", tables(ours.slice(0, 1), countsTable, "bench"));
text = fill(text, "cold", tables(newest<ColdReport>("cold"), coldTable, "bench:cold"));
text = fill(text, "browser", tables(newest<OursReport>("browser"), oursTable, "bench:browser"));
text = fill(text, "training", tables(newest<TrainingReport>("training"), trainingTable, "bench:training"));
text = fill(text, "data", tables(newest<DataReport>("data"), dataTable, "bench:data"));
writeFileSync(page, text);
if (peers.length > 0) writeFileSync(new URL("../docs/performance.svg", import.meta.url), ratioFigure(peers));
