// The JSON files of bench/results, one per day, adapter and kind of run.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
  mkdirSync(new URL(FOLDER, import.meta.url), { recursive: true });
  const report = { kind, adapter, date, cpu, node: process.version, ...content };
  writeFileSync(fileOf(kind, adapter, date), `${JSON.stringify(report, null, 1)}\n`);
}

/** What was written today, if anything was. */
export function reportOfToday<T>(kind: string, adapter: string): T | undefined {
  const file = fileOf(kind, adapter, new Date().toISOString());
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as T) : undefined;
}

const FOLDER = "results/";

function fileOf(kind: string, adapter: string, date: string): URL {
  const name = `${date.slice(0, 10)}-${adapter.replace(/[^\w-]+/g, "-")}-${kind}.json`;
  return new URL(`${FOLDER}${name}`, import.meta.url);
}
