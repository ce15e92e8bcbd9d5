// A training run as one HTML file that needs nothing else: pictures and curves are inside.

import { readFile, writeFile } from "node:fs/promises";
import { extname } from "node:path";
import type { Row } from "./run-log.js";

/** What a report shows, from top to bottom; what is missing is left out. */
export interface Report {
  readonly title: string;
  /** A paragraph on what was done. */
  readonly summary?: string;
  /** Options and results, by name. */
  readonly facts?: Readonly<Record<string, string | number | boolean>>;
  /** Files, SVG, PNG or JPEG, with what is under them. */
  readonly pictures?: readonly { readonly path: string; readonly caption: string }[];
  /** The log, a row for each epoch. */
  readonly rows?: readonly Row[];
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
  table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums }
  th, td { padding: 0.15rem 0.8rem; border-bottom: 1px solid #ddd; text-align: right }
  th:first-child, td:first-child { text-align: left }
  figure { margin: 1.5rem 0 } figcaption { color: #666 } img, svg { max-width: 100%; height: auto }`;

/** Writes the report. */
export async function writeReport(
  path: string,
  { title, summary, facts, pictures = [], rows = [] }: Report,
): Promise<void> {
  const figures = await Promise.all(
    pictures.map(async ({ path: picture, caption }) => {
      return `<figure>${await embedded(picture, caption)}<figcaption>${escaped(caption)}</figcaption></figure>`;
    }),
  );
  const parts = [
    `<h1>${escaped(title)}</h1>`,
    summary === undefined ? "" : `<p>${escaped(summary)}</p>`,
    facts === undefined ? "" : table([], Object.entries(facts)),
    ...figures,
    rows.length === 0 ? "" : logTable(rows),
  ];
  const head = `<meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style>`;
  await writeFile(
    path,
    `<!doctype html>\n<html lang="en"><head>${head}</head><body>\n${parts.join("\n")}\n</body></html>\n`,
  );
}

/** A picture as markup: SVG as it is, others as a data URL. */
async function embedded(path: string, caption: string): Promise<string> {
  const bytes = await readFile(path);
  const extension = extname(path).slice(1).toLowerCase();
  if (extension === "svg") return bytes.toString("utf8").replace(/^<\?xml[^>]*\?>\s*/, "");
  const type = extension === "jpg" ? "jpeg" : extension;
  return `<img alt="${escaped(caption)}" src="data:image/${type};base64,${bytes.toString("base64")}">`;
}

function logTable(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return table(
    names,
    rows.map((row) => names.map((name) => row[name] ?? "")),
  );
}

function table(names: readonly string[], rows: readonly (readonly (string | number | boolean)[])[]): string {
  const head = names.length === 0 ? "" : `<tr>${names.map((name) => `<th>${escaped(name)}</th>`).join("")}</tr>`;
  const body = rows.map((row) => `<tr>${row.map((value) => `<td>${escaped(shown(value))}</td>`).join("")}</tr>`);
  return `<table>${head}${body.join("")}</table>`;
}

/** Five figures are enough for a loss. */
function shown(value: string | number | boolean): string {
  return String(typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
