// Samples, field by field. What is done with a field, on the host or on the GPU, is the caller's.

import { describe } from "../../core/check.js";
import { DTypeError } from "../../core/errors.js";
import { isHostArray } from "../host-array.js";

/** What becomes of the parts of samples. */
export interface Stacking<T> {
  /** Whether a value is one field by itself although it is an object: a tensor. */
  isWhole(value: object): boolean;
  /** One field of all samples; `where` names it in errors. */
  stack(values: readonly unknown[], where: string): T;
  /** A tuple, whose parts were stacked. */
  list(items: readonly T[]): T;
  /** An object, whose parts were stacked. */
  object(keys: readonly string[], items: readonly T[]): T;
}

/**
 * Gathers each field of all samples and stacks it; tuples and objects may hold others. What a sample is the first one
 * says: an array is a tuple, but below a sample one of nothing but numbers is a field.
 * @throws DTypeError if a sample lacks a part, or holds something that cannot be stacked
 */
export function stackFields<T>(samples: readonly unknown[], stacking: Stacking<T>): T {
  const stacked = (values: readonly unknown[], where: string, isTuple: (first: readonly unknown[]) => boolean): T => {
    const [first] = values;
    const parts = (keys: readonly (string | number)[]): T[] =>
      keys.map((key) => {
        const named = fieldName(where, key);
        return stacked(
          values.map((value) => (value as Record<string | number, unknown> | null | undefined)?.[key]),
          named,
          (array) => !isNumeric(array),
        );
      });
    if (Array.isArray(first) && isTuple(first)) {
      values.forEach((value, i) => {
        if (!isNone(value) && !Array.isArray(value)) refuseKind(value, first, i, where);
        if (Array.isArray(value) && value.length > first.length) refuseLength(value.length, first.length, i, where);
      });
      return stacking.list(parts([...first.keys()]));
    }
    if (isRecord(first) && !stacking.isWhole(first)) {
      values.forEach((value, i) => {
        if (!isNone(value) && !isRecord(value)) refuseKind(value, first, i, where);
      });
      const keys = Object.keys(first);
      return stacking.object(keys, parts(keys));
    }
    const isText = typeof first === "string"; // then all are, for a list of strings
    values.forEach((value, i) => {
      if (isText ? typeof value !== "string" : !isField(value, stacking)) refuse(value, i, where);
    });
    return stacking.stack(values, where);
  };
  return stacked(samples, "", () => true);
}

/** The name of a part in errors: " in field image.pixels". */
export function fieldName(where: string, key: string | number): string {
  return where === "" ? ` in field ${key}` : `${where}.${key}`;
}

function isField(value: unknown, { isWhole }: Pick<Stacking<unknown>, "isWhole">): boolean {
  if (typeof value === "number" || typeof value === "boolean" || Array.isArray(value)) return true;
  if (typeof value !== "object" || value === null) return false;
  return ArrayBuffer.isView(value) || isHostArray(value) || isWhole(value);
}

/** Whether an array is the elements of a tensor, nested or not, and no tuple of parts. */
function isNumeric(array: readonly unknown[]): boolean {
  return array.every((item) =>
    Array.isArray(item) ? isNumeric(item) : typeof item === "number" || typeof item === "boolean",
  );
}

/** An object with parts, of a class or plain; a Map, a Set or a Date has none. */
function isRecord(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  if (ArrayBuffer.isView(value) || isHostArray(value)) return false;
  return Object.getPrototypeOf(value) === Object.prototype || Object.keys(value).length > 0;
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function refuseKind(value: unknown, first: unknown, sample: number, where: string): never {
  throw new DTypeError(
    "DataLoader",
    `sample ${sample} of the batch is ${describe(value)}${where}, sample 0 is ${describe(first)} (make them alike, or pass a collateFn)`,
  );
}

function refuseLength(length: number, first: number, sample: number, where: string): never {
  throw new DTypeError(
    "DataLoader",
    `sample ${sample} of the batch has ${length} parts${where}, sample 0 has ${first} (make them alike, or pass a collateFn)`,
  );
}

function refuse(value: unknown, sample: number, where: string): never {
  const which = `sample ${sample} of the batch`;
  if (value === undefined) {
    throw new DTypeError("DataLoader", `${which} is undefined${where}; does getItem return all its parts?`);
  }
  const kind = value === null ? "null" : `of type ${typeof value}`;
  throw new DTypeError(
    "DataLoader",
    `${which} is ${kind}${where}; numbers, arrays of numbers, typed arrays and tensors can be stacked, and strings be ` +
      "a list (pass a collateFn for anything else)",
  );
}
