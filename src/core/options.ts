// Optional arguments. They belong into the trailing options object; some people write by position, as in PyTorch, and then
// both are understood: x.softmax(-1) and x.softmax({ dim: -1 }), cat(tensors, 1) and cat(tensors, { dim: 1 }).

import { describe } from "./check.js";
import { TapegradError } from "./errors.js";

/** An optional argument by position, or an options object that may hold it. */
export type Optional<Name extends string, T> = T | { readonly [N in Name]?: T | null } | null;

/** The value of an optional argument, wherever it stands; `standard` where it does not. */
export function optional<Name extends string, T>(
  given: Optional<Name, T> | undefined,
  name: Name,
  standard: NoInfer<T>,
): T {
  const value = isOptions<{ readonly [N in Name]?: T | null }>(given) ? given[name] : given;
  return value ?? standard;
}

/** The options among the arguments of a call whose positional argument may be left out. */
export function optionsIn<Options extends object>(given: unknown, options: Options): Options {
  return isOptions<Options>(given) ? given : (options ?? {});
}

/** Whether a value is an options object rather than a number, a list or a tensor. */
export function isOptions<Options extends object>(value: unknown): value is Options {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The options of a call whose first one, `name`, may also stand by position. */
export function named<Options extends object>(given: unknown, name: keyof Options): Options {
  return isOptions<Options>(given) ? given : ((given == null ? {} : { [name]: given }) as Options);
}

/**
 * @internal The options, or none. Throws if something else was given, such as a second size by position.
 * @param known - the names that there are, if others are refused
 */
export function checkOptions<Options extends object>(
  op: string,
  options: Options | null | undefined,
  known?: readonly (keyof Options & string)[],
): Options {
  if (options === undefined || options === null) return {} as Options; // all options are optional
  if (isOptions<Options>(options)) {
    if (known !== undefined) checkNames(op, options, known);
    return options;
  }
  throw new TapegradError(
    op,
    `takes optional arguments in an object, such as { name: value }, got ${describe(options)}`,
  );
}

/** @internal checkOptions of the options among the arguments of a call whose positional argument may be left out. */
export function checkOptionsIn<Options extends object>(
  op: string,
  given: unknown,
  options: Options | null | undefined,
  known: readonly (keyof Options & string)[],
): Options {
  return checkOptions(op, isOptions<Options>(given) ? given : options, known);
}

/** Throws if an option has a name that none has, which a typing error or PyTorch's way of writing makes. */
export function checkNames(op: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const camelCase = unknown.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const far = (name: string): number => distance(camelCase, name);
  const [closest] = known.filter((name) => far(name) <= unknown.length / 3).sort((a, b) => far(a) - far(b));
  const fix = `${closest === undefined ? "" : `use ${closest}; `}there are ${known.join(", ")}`;
  throw new TapegradError(op, `there is no option ${describe(unknown)}: ${fix}`);
}

/** How many letters must be put in, left out or replaced to make one word of another (Levenshtein, 1965). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, j) => j); // from nothing to the first j letters
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (to[j] === letter ? 0 : 1)));
    }
    row = next;
  }
  return row[to.length]!;
}
