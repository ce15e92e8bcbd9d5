// The numbers of a training run, row by row: as JSON lines, which survive a crash, and as CSV for spreadsheets.

import { appendFile, mkdir, writeFile } from "node:fs/promises";

/** What was measured, by name: of an epoch, or of a step. */
export type Row = Readonly<Record<string, number | string | boolean>>;

/** log.jsonl and log.csv in a run's folder. */
export class RunLog {
  readonly rows: Row[] = [];
  #columns: readonly string[] = [];

  private constructor(readonly folder: string) {}

  /** Opens a log that begins with these rows: those of a run that is gone on with. What is in the folder is overwritten. */
  static async open(folder: string, rows: readonly Row[] = []): Promise<RunLog> {
    await mkdir(folder, { recursive: true });
    const log = new RunLog(folder);
    log.rows.push(...rows);
    await writeFile(`${folder}/log.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
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
