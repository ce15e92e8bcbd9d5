// Nothing public without a doc comment: it is what editors show and what the API reference is made of.

import { readdirSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src/", import.meta.url));

/** Folders all of whose exports are public. */
const PUBLIC = ["functions", "linalg", "special", "fft", "masked", "nn", "optim", "data", "io", "models"];

function filesIn(folder: string): string[] {
  return readdirSync(src + folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => `${src}${folder}/${file}`);
}

/** Lines that declare something, but for further overloads and what comes after a comment. */
function undocumented(file: string, declaration: RegExp): string[] {
  const lines = readFileSync(file, "utf8").split("\n");
  const names = new Set<string>();
  return lines.flatMap((line, i) => {
    const name = declaration.exec(line)?.[1];
    if (name === undefined || names.has(name)) return [];
    names.add(name);
    let above = i - 1;
    while (/^\s*\/\/ biome-ignore/.test(lines[above] ?? "")) above--;
    return /\*\/\s*$/.test(lines[above] ?? "") ? [] : [`${relative(src, file)}:${i + 1} ${name}`];
  });
}

test.each(PUBLIC)("every exported function and class in src/%s", (folder) => {
  const exported = /^export (?:async )?(?:abstract )?(?:function|class|const) (\w+)/;
  expect(filesIn(folder).flatMap((file) => undocumented(file, exported))).toEqual([]);
});

test("every method of Tensor", () => {
  const method = /^ {2}(?:async |get |static )*(?!constructor|if|for|return|protected|private|set )(\w+)\(/;
  const files = [...filesIn("tensor/methods"), `${src}tensor/base.ts`];
  expect(files.flatMap((file) => undocumented(file, method))).toEqual([]);
});
