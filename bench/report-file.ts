// The JSON files of bench/results, one per day, adapter and kind of run.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

export { median } from "./median.js";

/** What every file begins with. */
export interface Circumstances {
  readonly kind: string;
  readonly adapter: string;
  readonly date: string;
  readonly cpu: { readonly model?: string; readonly cores: number };
  readonly node: string;
}

export function writeReport(kind: string, adapter: string, content: object): void {
  const date = new Date().toISOString();
  const cpu = { model: cpus()[0]?.model, cores: cpus().length };
  const folder = new URL("results/", import.meta.url);
  mkdirSync(folder, { recursive: true });
  const report = { kind, adapter, date, cpu, node: process.version, ...content };
  const file = new URL(`${date.slice(0, 10)}-${adapter.replace(/[^\w-]+/g, "-")}-${kind}.json`, folder);
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
}
