// The structure around tensors: plain objects and arrays, with what JSON can hold and the numbers it cannot.

import { describe } from "../core/check.js";
import { TapegradError } from "../core/errors.js";
import { Tensor } from "../tensor/tensor.js";

/** Numbers that JSON has no word for: it writes null, or 0 for -0. */
const UNUSUAL: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];

/** Objects of these single keys stand for a tensor, by name, and for an unusual number, as text. */
const TENSOR = "$tensor";
const NUMBER = "$number";

/**
 * The value with tensors replaced by references; the tensors are collected under their paths.
 * @param around - the objects and arrays that the value lies in
 * @throws TapegradError naming the path of what cannot be saved
 */
export function strip(
  value: unknown,
  tensors: Map<string, Tensor>,
  path = "",
  around: readonly unknown[] = [],
): unknown {
  const refuse = (problem: string): never => {
    throw new TapegradError("save", problem);
  };
  if (value instanceof Tensor) {
    if (tensors.has(path)) refuse(`two tensors would be called "${path}": rename one of them`);
    tensors.set(path, value);
    return { [TENSOR]: path };
  }
  if (typeof value === "number" && UNUSUAL.some((number) => Object.is(number, value)))
    return { [NUMBER]: Object.is(value, -0) ? "-0" : String(value) };
  if (["string", "number", "boolean", "undefined"].includes(typeof value) || value === null) return value;
  const inside = (key: string | number): string => (path === "" ? `${key}` : `${path}.${key}`);
  if (around.includes(value)) refuse(`"${path}" is one of the objects it lies in: circles cannot be saved`);
  const within = [...around, value];
  if (Array.isArray(value)) return value.map((part, i) => strip(part, tensors, inside(i), within));
  if (typeof value !== "object") return refuse(`a ${typeof value} at "${path}" cannot be saved`);
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value)))
    refuse(`${describe(value)} at "${path}" cannot be saved: take tensors, plain objects, arrays, texts and numbers`);
  const entries = Object.entries(value as object);
  const reserved = entries.find(([key]) => key === TENSOR || key === NUMBER)?.[0];
  if (reserved !== undefined) refuse(`the key "${reserved}" at "${path}" is taken by the format: rename it`);
  return Object.fromEntries(entries.map(([key, part]) => [key, strip(part, tensors, inside(key), within)]));
}

/**
 * What strip was given.
 * @throws RangeError for a tensor or number that there is not
 */
export function restore(value: unknown, tensors: ReadonlyMap<string, Tensor>): unknown {
  if (Array.isArray(value)) return value.map((part) => restore(part, tensors));
  if (typeof value !== "object" || value === null) return value;
  if (Object.hasOwn(value, TENSOR)) {
    const name = (value as Record<string, string>)[TENSOR]!;
    const tensor = tensors.get(name);
    if (tensor === undefined) throw new RangeError(`no tensor called ${describe(name)}`);
    return tensor;
  }
  if (Object.hasOwn(value, NUMBER)) {
    const text = (value as Record<string, string>)[NUMBER];
    const number = UNUSUAL.find((candidate) => Object.is(candidate, Number(text)));
    if (number === undefined) throw new RangeError(`${describe(text)} is no number that JSON lacks`);
    return number;
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, restore(part, tensors)]));
}
