// The architecture, read from the imports: value imports go down only, and there are no circles.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const src = fileURLToPath(new URL("../../src", import.meta.url));

/** From the ground up. Folders on one floor do not see each other. */
const FLOORS: readonly (readonly string[])[] = [
  ["core"],
  ["runtime"],
  ["kernels"],
  ["autograd"],
  ["ops"],
  ["tensor"],
  ["functions"],
  ["linalg", "special", "fft", "masked"],
  ["nn"],
  ["optim", "data", "io", "replay"],
  ["."],
  ["models"], // written against the public entry
];
/** Folders that may use less than all below them. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  runtime: ["core"],
  kernels: ["runtime", "core"],
  autograd: ["core"],
};

const files = readdirSync(src, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.startsWith(join("kernels", "wgsl", "/")))
  .map((file) => join(src, file));

interface Import {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(file, "utf8");
  const pattern = /^(?:import|export)\s+(type\s+)?(?:([^"';]*?)\s+from\s+)?"(\.[^"]+)";/gms;
  return [...text.matchAll(pattern)].map(([, type, names = "", target]) => {
    const members =
      /\{([^}]*)\}/
        .exec(names)?.[1]
        ?.split(",")
        .map((name) => name.trim())
        .filter(Boolean) ?? [];
    const isTypeOnly = type !== undefined || (members.length > 0 && members.every((name) => name.startsWith("type ")));
    return { target: resolve(dirname(file), target!.replace(/\.js$/, ".ts")), isTypeOnly };
  });
}

function folderOf(file: string): string {
  const path = relative(src, file).split("/");
  return path.length === 1 ? "." : path[0]!;
}

const floorOf = (folder: string): number => FLOORS.findIndex((floor) => floor.includes(folder));

test("every folder has a floor", () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => floorOf(folder) < 0)).toEqual([]);
});

test.each(files.map((file) => [relative(src, file), file]))("%s imports values from below only", (_, file) => {
  const own = folderOf(file);
  const wrong = importsOf(file)
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ target }) => folderOf(target))
    .filter((folder) => folder !== own)
    .filter((folder) => floorOf(folder) >= floorOf(own) || (ONLY[own] !== undefined && !ONLY[own].includes(folder)));
  expect(wrong).toEqual([]);
});

test("types come from above only for Tensor", () => {
  const wrong = files.flatMap((file) => {
    const upward = importsOf(file).filter(
      ({ target, isTypeOnly }) => isTypeOnly && floorOf(folderOf(target)) > floorOf(folderOf(file)),
    );
    return upward
      .filter(({ target }) => !target.endsWith("tensor/tensor.ts"))
      .map(({ target }) => `${relative(src, file)} -> ${relative(src, target)}`);
  });
  expect(wrong).toEqual([]);
});

test("there is no circle of value imports", () => {
  const graph = new Map(
    files.map((file) => [
      file,
      importsOf(file)
        .filter(({ isTypeOnly }) => !isTypeOnly)
        .map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      circles.push([...path.slice(path.indexOf(file)), file].map((part) => relative(src, part)).join(" -> "));
    if (done.has(file) || path.includes(file)) return;
    for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

/** Longest file in src, in lines. */
const LIMIT = 200;
/** Files over the limit, each with its reason. */
const EXCUSED: Readonly<Record<string, string>> = {};

const linesOf = (file: string): number => readFileSync(file, "utf8").trimEnd().split("\n").length;

test(`files have at most ${LIMIT} lines, but for those with a reason`, () => {
  const long = files
    .map((file) => [relative(src, file), linesOf(file)] as const)
    .filter(([name, lines]) => lines > LIMIT && EXCUSED[name] === undefined);
  expect(long).toEqual([]);
});

test("no file is excused that need not be", () => {
  const long = files.filter((file) => linesOf(file) > LIMIT).map((file) => relative(src, file));
  expect(Object.keys(EXCUSED).filter((name) => !long.includes(name))).toEqual([]);
});
