// What a run leaves for people to look at: its curves, and everything in its folder on one page.

import { readdir } from "node:fs/promises";
import { type Curve, writeCurves } from "./curves.js";
import { type Report, writeReport } from "./report.js";
import type { RunLog } from "./run-log.js";

/** Draws curves.svg from the log, and puts it, the folder's other pictures and the log into report.html. */
export async function reportRun(log: RunLog, report: Pick<Report, "title" | "summary" | "facts">): Promise<void> {
  await writeCurves(`${log.folder}/curves.svg`, report.title, curvesOf(log));
  const names = (await readdir(log.folder)).filter((name) => /\.(svg|png)$/.test(name) && name !== "curves.svg");
  const pictures = ["curves.svg", ...names.sort()].map((name) => ({
    path: `${log.folder}/${name}`,
    caption: name.replace(/\.\w+$/, ""),
  }));
  await writeReport(`${log.folder}/report.html`, { ...report, pictures, rows: log.rows });
  console.log(`curves and pictures in ${log.folder}/report.html`);
}

/** A curve for each column of losses or accuracies, and for each of the runs that the log tells apart by name. */
function curvesOf({ rows }: RunLog): Curve[] {
  const curves = new Map<string, Curve & { values: number[] }>();
  for (const { run, ...row } of rows) {
    for (const [column, value] of Object.entries(row)) {
      const axis = /loss|accuracy/.exec(column)?.[0] as Curve["axis"] | undefined;
      if (axis === undefined || typeof value !== "number") continue;
      const name = run === undefined ? column : `${column}, ${run}`;
      if (!curves.has(name)) curves.set(name, { name, axis, values: [] });
      curves.get(name)!.values.push(value);
    }
  }
  return [...curves.values()];
}
