// What examples leave behind: a log that survives, and a report that needs nothing else.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeCurves } from "../../examples/shared/curves.js";
import { writeReport } from "../../examples/shared/report.js";
import { RunLog } from "../../examples/shared/run-log.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

test("a log is JSON lines and CSV, and goes on after a crash in the middle of a line", async () => {
  const log = await RunLog.open(folder);
  await log.add({ epoch: 1, loss: 0.5 });
  await log.add({ epoch: 2, loss: 0.25, note: 'a "b", c' });
  expect(read("log.jsonl")).toBe('{"epoch":1,"loss":0.5}\n{"epoch":2,"loss":0.25,"note":"a \\"b\\", c"}\n');
  expect(read("log.csv")).toBe('epoch,loss,note\n1,0.5,\n2,0.25,"a ""b"", c"\n');
  writeFileSync(join(folder, "log.jsonl"), `${read("log.jsonl")}{"epoch":3,"lo`);
  const again = await RunLog.open(folder, { resume: true });
  await again.add({ epoch: 3, loss: 0.125 });
  expect(again.column("loss")).toEqual([0.5, 0.25, 0.125]);
  expect(read("log.csv").trim().split("\n")).toHaveLength(4);
  expect((await RunLog.open(folder)).rows).toEqual([]);
});

test("a report has its pictures inside, and escapes what it is given", async () => {
  const curves = join(folder, "curves.svg");
  await writeCurves(curves, "losses", [{ name: "train", axis: "loss", values: [3, 2, 1] }]);
  const dot = join(folder, "dot.png");
  writeFileSync(dot, Buffer.from([137, 80, 78, 71]));
  await writeReport(join(folder, "report.html"), {
    title: "A <b> & c",
    summary: "what was done",
    facts: { lr: 0.001234, seeds: 3 },
    pictures: [
      { path: curves, caption: "curves" },
      { path: dot, caption: 'a "dot"' },
    ],
    rows: [{ epoch: 1, loss: 0.5 }],
  });
  const html = read("report.html");
  expect(html).toContain("<h1>A &lt;b> &amp; c</h1>");
  expect(html).toContain("<svg");
  expect(html).toContain('<img alt="a &quot;dot&quot;" src="data:image/png;base64,iVBORw==">');
  expect(html).toContain("<td>lr</td><td>0.001234</td>");
  expect(html).toContain("<tr><th>epoch</th><th>loss</th></tr><tr><td>1</td><td>0.5</td></tr>");
  expect(html).not.toMatch(/(src|href)="http/);
});
