// Arguments as a Python call gives them, arranged as tapegrad takes them.

import { camelCase } from "../values.js";
import { type Callable, LACKING, SIGNATURES, SIZES } from "./signatures.js";

/**
 * Required arguments by position, optional ones in a trailing object.
 * @param isMethod - whether the signature's first parameter is what the method belongs to
 * @throws where an argument is not known: leaving it out would compute another model
 */
export function arranged(
  name: string,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
  isMethod: boolean,
): unknown[] {
  if (SIZES.has(name) && typeof args[0] === "number") args = [args];
  const signature = SIGNATURES[name];
  if (signature === undefined) {
    if (Object.keys(named).length === 0) return args.map(passed);
    throw new Error(`the source gives ${name} ${Object.keys(named).join(", ")}: its arguments are not known here`);
  }
  const [required, optional] = signature.split("|").map(namesIn) as [string[], string[]];
  if (isMethod) required.shift();
  const all = [...required, ...optional];
  const given: Record<string, unknown> = { ...named };
  args.forEach((value, i) => {
    const parameter = all[i];
    if (parameter === undefined || parameter in named) throw new Error(`the source gives ${name} too many arguments`);
    given[parameter] = value;
  });
  const strange = Object.keys(given).filter((own) => !all.includes(own));
  if (strange.length > 0)
    throw new Error(`the source gives ${name} ${strange.join(", ")}, which it does not take here`);
  const positional = required.map((own) => {
    if (!(own in given)) throw new Error(`the source gives ${name} no ${own}`);
    return passed(given[own]);
  });
  // None is the default, but for momentum: without one, batch norm has plain means.
  const set = optional.filter((own) => own in given && (given[own] !== null || own === "momentum"));
  const lacking = set.find((own) => LACKING.has(own));
  if (lacking !== undefined) throw new Error(`the source gives ${name} ${lacking}, which tapegrad does not have`);
  const options = set.map((own) => [camelCase(own), passed(given[own])]);
  return options.length === 0 ? positional : [...positional, Object.fromEntries(options)];
}

/** Functions of Python's as JavaScript calls them. */
function passed(value: unknown): unknown {
  if (typeof value !== "function") return value;
  return (...inner: readonly unknown[]) => (value as Callable)(inner, {});
}

function namesIn(names: string): string[] {
  return names.split(" ").filter((name) => name !== "");
}
