// Writes src/kernels/wgsl.generated.ts: the text of every file in wgsl/, without comments and needless blanks, so that
// Node, bundlers and browsers all get the kernels through one plain import.

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../wgsl/", import.meta.url));
const target = fileURLToPath(new URL("../src/kernels/wgsl.generated.ts", import.meta.url));

const entries = readdirSync(folder, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".wgsl"))
  .sort()
  .map((file) => [file.slice(0, -".wgsl".length), strip(readFileSync(folder + file, "utf8"))]);

const text =
  "// Made by scripts/embed-wgsl.mjs from wgsl/. Do not edit.\n" +
  `export const wgsl = ${JSON.stringify(Object.fromEntries(entries), null, 2)} as const;\n`;
if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);

/**
 * Indented lines are the inside of functions, where blanks beside these marks mean nothing; the others are read by
 * src/kernels/source.ts, which wants them as they are.
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
