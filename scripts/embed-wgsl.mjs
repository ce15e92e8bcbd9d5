// Writes src/kernels/wgsl/: a module for every file in wgsl/ that holds its text, without comments and needless blanks,
// and imports the modules of the files it names with `#import`. So Node, bundlers and browsers all get the kernels
// through plain imports, and bundlers drop those that nobody uses.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const from = fileURLToPath(new URL("../wgsl/", import.meta.url));
const to = fileURLToPath(new URL("../src/kernels/wgsl/", import.meta.url));

mkdirSync(to, { recursive: true });
const names = namesIn(from, ".wgsl");
for (const name of namesIn(to, ".ts")) if (!names.includes(name)) rmSync(`${to}${name}.ts`);
for (const name of names) {
  const target = `${to}${name}.ts`;
  const module = moduleOf(name, strip(readFileSync(`${from}${name}.wgsl`, "utf8")));
  mkdirSync(posix.dirname(target), { recursive: true });
  // Unchanged files keep their times, so that watchers stay quiet.
  if (!existsSync(target) || readFileSync(target, "utf8") !== module) writeFileSync(target, module);
}

/**
 * Files in a folder and the folders within, without their ending.
 * @param {string} folder
 * @param {string} ending
 */
function namesIn(folder, ending) {
  return readdirSync(folder, { recursive: true })
    .map((file) => String(file).replaceAll("\\", "/"))
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
}

/**
 * @param {string} name
 * @param {string} source
 */
function moduleOf(name, source) {
  const imported = [...source.matchAll(/^#import (\S+)$/gm)].map(([, file = ""]) => file);
  const text = source.replace(/^#import .*\n?/gm, "");
  /** @param {string} file */
  const pathTo = (file) => posix.relative(posix.dirname(name), file).replace(/^(?!\.)/, "./");
  /** @param {string} file */
  const variable = (file) => posix.basename(file).replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return `// Made by scripts/embed-wgsl.mjs from wgsl/${name}.wgsl. Do not edit.
import type { WgslFile } from "${pathTo("../source")}.js";
${imported.map((file) => `import ${variable(file)} from "${pathTo(file)}.js";\n`).join("")}
const file: WgslFile = {
  name: ${JSON.stringify(name)},
  text: ${JSON.stringify(text)},
  imports: [${imported.map(variable).join(", ")}],
};
export default file;
`;
}

/**
 * Indented lines are the inside of functions, where blanks beside these marks mean nothing; the others are read here and
 * by src/kernels/source.ts, which want them as they are.
 * @param {string} source
 */
function strip(source) {
  return source
    .replace(/\/\/.*$/gm, "")
    .split("\n")
    .map((line) => {
      const single = line.trim().replace(/\s+/g, " ");
      return /^\s/.test(line) && !single.startsWith("#") ? single.replace(/ ?([=<>*/|(){},;:]) ?/g, "$1") : single;
    })
    .filter((line) => line !== "")
    .join("\n");
}
