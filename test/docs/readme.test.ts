// The README tells the truth: its training loop runs as it stands, types and all (`npm run check` compiles examples/).

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const readme = readFileSync("README.md", "utf8");
const blocks = [...readme.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
  language,
  text: text!,
}));

test("the first thing in the README is the training loop, and the example is that loop", () => {
  const [loop] = blocks;
  expect(readme.slice(0, readme.indexOf("```")).split("\n").filter(Boolean)).toHaveLength(2); // a title and a sentence
  expect(loop?.language).toBe("ts");
  expect(loop?.text).toMatch(/^import .* from "tapegrad";\n.*\n}\n$/s);
  expect(readFileSync("examples/training-loop.ts", "utf8")).toContain(loop!.text);
});

test("the example prints what the README says", async () => {
  const { stdout } = await promisify(execFile)("npx", ["tsx", "examples/training-loop.ts"]);
  const shown = blocks
    .find(({ text }) => text.startsWith("Net("))!
    .text.trim()
    .split("\n");
  const printed = stdout.trim().split("\n");
  expect(printed.slice(0, -2)).toEqual(shown.slice(0, -2));
  const numbers = (lines: string[]): number[] => lines.slice(-2).map((line) => Number(/[\d.]+/.exec(line)![0]));
  const [[loss, right], [wantedLoss, wantedRight]] = [numbers(printed), numbers(shown)];
  expect(Math.abs(loss! - wantedLoss!)).toBeLessThan(0.01); // adapters round differently
  expect(Math.abs(right! - wantedRight!)).toBeLessThan(20); // of 2,000
});
