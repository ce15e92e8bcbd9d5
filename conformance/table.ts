// The operator table: docs/operators.md.

import { basename, relative } from "node:path";
import { type Group, groupsOf, type Score } from "./scores.js";

/** What one adapter computed. */
export interface Results {
  readonly adapter: string;
  readonly scores: readonly Score[];
}

/**
 * The scores as Markdown, the same for the same scores in any order: the totals of each adapter, the operators of the first.
 * @param args - the command's arguments
 */
export function tableOf(results: readonly [Results, ...Results[]], args: readonly string[]): string {
  return `# Operators

PyTorch's operators and modules in tapegrad, with how many of PyTorch's sample inputs give PyTorch's values and gradients.
\`x\` is a tensor.

Written by \`npm run conformance -- ${args.map(shown).join(" ")}\`, not by hand.

${results.map(summary).join("\n\n")}

${groupsOf(results[0].scores).map(section).join("\n\n")}
`;
}

function summary({ adapter, scores }: Results): string {
  return `| ${adapter} | | all cases pass | some fail | not yet | cases passed |
|---|--:|--:|--:|--:|--:|
${groupsOf(scores).map(totals).join("\n")}`;
}

function totals({ title, scores, whole, absent, passed, failed, missing }: Group): string {
  const cells = [capital(title), scores.length, whole, scores.length - whole - absent, absent];
  return `| ${cells.join(" | ")} | ${passed} of ${passed + failed + missing} |`;
}

function section({ title, scores }: Group): string {
  const rows = scores.toSorted((a, b) => (a.op < b.op ? -1 : 1)).map(row);
  return `## ${capital(title)}\n\n| PyTorch | tapegrad | cases passed |\n|---|---|--:|\n${rows.join("\n")}`;
}

function row({ op, names, passed, failed, missing }: Score): string {
  const found = names.toSorted().map((name) => `\`${name}\``);
  return `| \`${op}\` | ${found.join(", ") || "not yet"} | ${passed}/${passed + failed + missing} |`;
}

/** An argument as it can be repeated elsewhere: paths that lead out of the project are cut to the file's name. */
function shown(arg: string): string {
  if (!arg.includes("/")) return arg;
  const path = relative("", arg);
  return path.startsWith("..") ? basename(path) : path;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
