// What examples leave behind: a log that survives, and a report that needs nothing else.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeCurves } from "../../examples/shared/curves.js";
import { writeReport } from "../../examples/shared/report.js";
import { RunLog } from "../../examples/shared/run-log.js";
import { reportRun } from "../../examples/shared/run-report.js";

const folder = mkdtempSync(join(tmpdir(), "tapegrad-"));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string): string => readFileSync(join(folder, name), "utf8");

test("a log is JSON lines and CSV, and goes on from the rows it is given", async () => {
  const log = await RunLog.open(folder);
  await log.add({ epoch: 1, loss: 0.5 });
  await log.add({ epoch: 2, loss: 0.25, note: 'a "b", c' });
  expect(read("log.jsonl")).toBe('{"epoch":1,"loss":0.5}\n{"epoch":2,"loss":0.25,"note":"a \\"b\\", c"}\n');
  expect(read("log.csv")).toBe('epoch,loss,note\n1,0.5,\n2,0.25,"a ""b"", c"\n');
  const again = await RunLog.open(folder, log.rows.slice(0, 1));
  await again.add({ epoch: 2, loss: 0.125 });
  expect(read("log.jsonl")).toBe('{"epoch":1,"loss":0.5}\n{"epoch":2,"loss":0.125}\n');
  expect(read("log.csv")).toBe("epoch,loss\n1,0.5\n2,0.125\n");
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

test("a run's report has its curves, its other pictures and its log", async () => {
  const run = join(folder, "run");
  const log = await RunLog.open(run);
  for (const name of ["with", "without"]) {
    for (const epoch of [1, 2]) await log.add({ run: name, epoch, loss: 1 / epoch, "test accuracy": epoch / 3 });
  }
  writeFileSync(join(run, "digits.png"), Buffer.from([137, 80, 78, 71]));
  await reportRun(log, { title: "two runs", facts: { seed: 0 } });
  const html = read("run/report.html");
  for (const curve of ["loss, with", "loss, without", "test accuracy, with"])
    expect(read("run/curves.svg")).toContain(curve);
  expect(html.match(/<figcaption>.*?</g)).toEqual(["<figcaption>curves<", "<figcaption>digits<"]);
  expect(html).toContain("<td>without</td><td>2</td><td>0.5</td><td>0.66667</td>");
});
