// What a module is made of: looked for in its fields and in arrays there. Other containers are searched too, so that what
// they hold is refused rather than left untrained.

import { TapegradError } from "../core/errors.js";

const FIX = "use nn.Sequential, an array, or a field of its own (a #private field for what is no part of the module)";

/** Where in the module the search is. */
interface Place {
  readonly path: string;
  /** What is open around it, innermost last: circles end there. */
  readonly around: readonly object[];
  /** The outermost container that is no array. */
  readonly hidden?: string;
}

/**
 * The members in a field's value, by path: the value itself, or elements of arrays, however deep.
 * @param owner - the module's class, for errors
 * @throws TapegradError if there is one in a plain object, a Map or a Set
 */
export function* membersIn<T extends object>(
  value: unknown,
  owner: string,
  isMember: (value: unknown) => value is T,
  { path, around, hidden }: Place,
): Generator<[path: string, member: T]> {
  if (typeof value !== "object" || value === null || around.includes(value)) return;
  if (isMember(value)) {
    if (hidden === undefined) yield [path, value];
    else {
      const what = `field ${path} is a ${value.constructor.name} in ${hidden}`;
      throw new TapegradError(owner, `${what}, where it would not be trained or saved; ${FIX}`);
    }
    return;
  }
  const container = containerName(value);
  if (container === undefined) return;
  const inside = { around: [...around, value], hidden: hidden ?? (container === "an array" ? undefined : container) };
  for (const [key, part] of partsOf(value)) {
    if (typeof part !== "object") continue; // long arrays of numbers pass quickly
    yield* membersIn(part, owner, isMember, { path: `${path}.${key}`, ...inside });
  }
}

function containerName(value: object): string | undefined {
  if (Array.isArray(value)) return "an array";
  if (value instanceof Map) return "a Map";
  if (value instanceof Set) return "a Set";
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? "a plain object" : undefined;
}

function* partsOf(value: object): Iterable<[key: string | number, part: unknown]> {
  if (Array.isArray(value)) yield* value.entries();
  else if (value instanceof Set) yield* [...value].entries();
  else if (value instanceof Map) {
    for (const [i, [key, part]] of [...value].entries()) {
      yield [i, key];
      yield [typeof key === "object" ? i : String(key), part];
    }
  } else yield* Object.entries(value);
}

/** Each value once, under the first of its names. */
export function* distinct<T>(named: Iterable<[string, T]>): Generator<[string, T]> {
  const seen = new Set<T>();
  for (const entry of named) {
    if (seen.has(entry[1])) continue;
    seen.add(entry[1]);
    yield entry;
  }
}
