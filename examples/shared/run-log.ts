// The numbers of a training run, row by row: as JSON lines, which survive a crash and can be gone on with, and as CSV for
// spreadsheets.

import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";

/** What was measured, by name: of an epoch, or of a step. */
export type Row = Readonly<Record<string, number | string | boolean>>;

/** log.jsonl and log.csv in a run's folder. */
export class RunLog {
  readonly rows: Row[] = [];
  #columns: readonly string[] = [];

  private constructor(readonly folder: string) {}

  /** Opens a log: an empty one, or with `resume` the one that is there. A last line that a crash cut off is dropped. */
  static async open(folder: string, { resume = false }: { readonly resume?: boolean } = {}): Promise<RunLog> {
    await mkdir(folder, { recursive: true });
    const log = new RunLog(folder);
    const text = resume ? await readFile(`${folder}/log.jsonl`, "utf8").catch(() => "") : "";
    const lines = text.split("\n");
    lines.pop(); // behind the last line end there is nothing, or half a line
    log.rows.push(...lines.map((line) => JSON.parse(line) as Row));
    await writeFile(`${folder}/log.jsonl`, lines.map((line) => `${line}\n`).join(""));
    await log.#writeCsv();
    return log;
  }

  /** Adds a row. It may have columns that earlier ones lack, and lack some. */
  async add(row: Row): Promise<void> {
    this.rows.push(row);
    await appendFile(`${this.folder}/log.jsonl`, `${JSON.stringify(row)}\n`);
    const isNew = Object.keys(row).some((name) => !this.#columns.includes(name));
    if (isNew) await this.#writeCsv();
    else await appendFile(`${this.folder}/log.csv`, this.#csvLine(row));
  }

  /** The values of a column, in the rows that have it. */
  column(name: string): number[] {
    return this.rows.map((row) => row[name]).filter((value) => typeof value === "number");
  }

  async #writeCsv(): Promise<void> {
    this.#columns = [...new Set(this.rows.flatMap((row) => Object.keys(row)))];
    const header = this.#columns.length === 0 ? "" : `${this.#columns.map(quoted).join(",")}\n`;
    await writeFile(`${this.folder}/log.csv`, header + this.rows.map((row) => this.#csvLine(row)).join(""));
  }

  #csvLine(row: Row): string {
    return `${this.#columns.map((name) => quoted(String(row[name] ?? ""))).join(",")}\n`;
  }
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
