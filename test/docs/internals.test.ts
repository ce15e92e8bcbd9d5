// docs/internals.md is true to the code: what it names is there, what it quotes stands there, its program prints what it
// shows, through the kernels it shows.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const page = readFileSync("docs/internals.md", "utf8");
const blocks = [...page.matchAll(/^```(\w+) ?(\S*)\n(.*?)^```$/gms)].map(([, language, path, text]) => ({
  language: language!,
  path: path!,
  text: text!,
}));
const prose = page.replace(/^```.*?^```$/gms, "");
const of = (language: string): string[] =>
  blocks.filter((block) => block.language === language && block.path === "").map(({ text }) => text);

/** The text without indentation. */
const flush = (text: string): string => text.replace(/^ +/gm, "");

test("every path is there", () => {
  const linked = [...prose.matchAll(/\]\(\.\.\/([^)#]+)/g)].map(([, path]) => path!);
  const named = [...prose.matchAll(/`((?:src|wgsl|test|scripts|docs|examples)\/[^`]*)`/g)].map(([, path]) => path!);
  expect(linked.length).toBeGreaterThan(50);
  expect([...linked, ...named].filter((path) => !existsSync(path))).toEqual([]);
});

const links = [...prose.matchAll(/\[`([^`]+)`\]\(\.\.\/([^)#]+)\)/g)].map(([, name, path]) => [name!, path!] as const);
test.each([...new Map(links.map((link) => [link.join(), link])).values()])("%s is declared in %s", (name, path) => {
  const text = readFileSync(path, "utf8");
  for (const part of name.split(".")) {
    const words = "export|abstract|static|readonly|async|get|set|const|let|function|class|interface|type";
    expect(text).toMatch(new RegExp(`^ *(?:(?:${words}) )*${part}(?:[(<:;?]| [={]| extends | implements )`, "m"));
  }
});

test.each(blocks.filter(({ path }) => path !== ""))("the quotation from $path is exact", ({ path, text }) => {
  expect(flush(readFileSync(path, "utf8"))).toContain(flush(text));
});

/** Runs a program in a process of its own, where the tape starts at #0. */
async function run(program: string): Promise<string> {
  const script = program.replace('from "tapegrad"', 'from "./src/index.js"');
  const { stdout } = await promisify(execFile)("npx", ["tsx", "--input-type=module", "-e", script]);
  return stdout;
}

test("the program prints what the page says", async () => {
  expect(await run(of("ts")[0]!)).toBe(of("text")[0]);
});

test("its kernels are the four that the page describes, in WGSL as quoted", async () => {
  const [program, hook] = of("ts") as [string, string];
  const printed = await run(program.replace(/await init\(\);\n/, (line) => line + hook));
  expect(printed.match(/^fn main\(/gm)).toHaveLength(4);
  expect(of("wgsl").filter((quoted) => !printed.includes(quoted))).toEqual([]);
});
