// Checks of arguments at the public door. TypeScript refuses most of what they find; JavaScript and casts do not.

import { type DType, dtypes, valueRange } from "./dtype.js";
import { DTypeError, formatShape, inWords, OutOfRangeError, ShapeError, TapegradError } from "./errors.js";
import { numel, type Shape } from "./shape.js";

/** A value in a few words: what errors say they got. */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.slice(0, 3).map(describe).join(", ")}${value.length > 3 ? ", ..." : ""}]`;
  if (isTensor(value)) return `a tensor ${formatShape(value.shape)}`;
  return `an object (${value.constructor?.name})`;
}

/** Throws unless the value is a tensor, or what else an operation takes. */
export function checkTensor(op: string, value: unknown, wanted = "a tensor"): void {
  if (isTensor(value)) return;
  const isData =
    (Array.isArray(value) && !value.some(isTensor)) || typeof value === "boolean" || typeof value === "number";
  const fix = isData ? `: use tensor(${describe(value)})` : ArrayBuffer.isView(value) ? ": use tensor(...)" : "";
  throw new TapegradError(op, `takes ${wanted}, got ${describe(value)}${fix}`);
}

/** Told by its shape: the class is far above. */
export function isTensor(value: unknown): value is { readonly shape: Shape } {
  return typeof value === "object" && value !== null && "shape" in value;
}

/** What a list of parameters holds; undefined for what is no list, and for modules, some of which are iterable too. */
export function elementsOf<T>(value: Iterable<T>): T[] | undefined {
  const isList = typeof value === "object" && value !== null && Symbol.iterator in value && !("parameters" in value);
  return isList ? [...value] : undefined;
}

/** Throws unless the values, or all elements of those that are arrays, are whole numbers from `least` on. */
export function checkWhole(op: string, values: Readonly<Record<string, unknown>>, least = 0): void {
  for (const [name, value] of Object.entries(values)) {
    if ([value].flat().every((n) => Number.isSafeInteger(n) && (n as number) >= least)) continue;
    throw new OutOfRangeError(op, `${name} must be a whole number from ${least} on, got ${describe(value)}`);
  }
}

/** Throws unless the values, or all elements of those that are arrays, are numbers, and not NaN. */
export function checkNumber(op: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if ([value].flat().every((n) => typeof n === "number" && !Number.isNaN(n))) continue;
    throw new OutOfRangeError(op, `${name} must be a number, got ${describe(value)}`);
  }
}

/** The value, a probability; throws if it is none. */
export function checkProbability(op: string, p: unknown, name = "p"): number {
  if (typeof p === "number" && p >= 0 && p <= 1) return p;
  throw new OutOfRangeError(op, `${name} must be from 0 to 1, got ${describe(p)}`);
}

/** Throws unless the value is one of those that there are. */
export function checkChoice(op: string, name: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return;
  throw new TapegradError(op, `${name} ${describe(value)} is not known; there are ${inWords(choices.map(describe))}`);
}

/** Throws unless the values are true or false. */
export function checkBoolean(op: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (typeof value !== "boolean")
      throw new TapegradError(op, `${name} must be true or false, got ${describe(value)}`);
  }
}

/**
 * Throws unless the sizes are one array.
 * @param next - the argument after them: where sizes were given one by one, the second
 */
export function checkList(op: string, sizes: unknown, next?: unknown): asserts sizes is readonly number[] {
  if (Array.isArray(sizes)) return;
  const given = [sizes, next].filter((size) => typeof size === "number" || size === "...").join(", ");
  const fix = typeof sizes === "number" ? `: use ${op}([${given}])` : "";
  throw new TapegradError(op, `takes one array, got ${describe(sizes)}${fix}`);
}

/** Throws unless the argument is the shape of a tensor. */
export function checkShape(op: string, shape: unknown, next?: unknown): void {
  checkList(op, shape, next);
  if (shape.every((size) => Number.isInteger(size) && size >= 0) && Number.isSafeInteger(numel(shape))) return;
  throw new ShapeError(op, [shape], "sizes must be whole numbers from 0 on");
}

const INSTEAD: Readonly<Record<string, DType>> = { float64: "float32", int64: "int32" };

let float16Problem: string | undefined;

/**
 * Says whether float16 can be used from now on.
 * @param adapter - the name of the adapter, if it lacks float16
 */
export function setFloat16Support(adapter: string | undefined): void {
  float16Problem =
    adapter && `float16 needs WebGPU's feature "shader-f16", which this adapter (${adapter}) lacks; use float32`;
}

/** Throws unless there is such a dtype, and the adapter has it. */
export function checkDType(op: string, dtype: unknown): void {
  if (dtype === "float16" && float16Problem !== undefined) throw new DTypeError(op, float16Problem);
  if (Object.hasOwn(dtypes, dtype as DType)) return;
  const fix = INSTEAD[dtype as string];
  throw new DTypeError(
    op,
    `there is no dtype ${describe(dtype)}${fix ? `, use "${fix}"` : ""}; dtypes are bool, uint8, int32, float16, float32`,
  );
}

/** Throws unless the numbers, cut off to whole ones for an integer dtype, are in its range. */
export function checkRange(op: string, values: Iterable<number>, dtype: DType): void {
  if (dtypes[dtype].category !== 1) return; // any number is true or false, and floats have infinity
  const [least, greatest] = valueRange(dtype);
  for (const value of values) {
    const whole = Math.trunc(value);
    if (whole >= least && whole <= greatest) continue;
    throw new OutOfRangeError(op, `${value} does not fit into ${dtype} (${least} to ${greatest})`);
  }
}
