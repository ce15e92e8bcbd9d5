// Samples, field by field. What is done with a field, on the host or on the GPU, is the caller's.

import { DTypeError } from "../../core/errors.js";
import { isHostArray } from "../host-array.js";

/** What a batch is made of: one part, a tuple of parts, or an object of parts. */
export type Fields<T> =
  | { readonly kind: "one"; readonly field: T }
  | { readonly kind: "list"; readonly items: readonly T[] }
  | { readonly kind: "object"; readonly keys: readonly string[]; readonly items: readonly T[] };

/**
 * Gathers each field of all samples and stacks it. What a sample is, a tuple or an object, the first one says.
 * @param isWhole - whether a value is one field by itself although it is an object: a tensor
 * @throws DTypeError if a sample lacks a field, or holds something that cannot be stacked
 */
export function stackFields<T>(
  samples: readonly unknown[],
  isWhole: (value: object) => boolean,
  stack: (values: readonly unknown[], where: string) => T,
): Fields<T> {
  const [first] = samples;
  const isPlain = typeof first === "object" && first !== null && !ArrayBuffer.isView(first) && !isHostArray(first);
  const isField = (value: unknown): boolean =>
    typeof value === "number" ||
    typeof value === "boolean" ||
    Array.isArray(value) ||
    ArrayBuffer.isView(value) ||
    isHostArray(value) ||
    (typeof value === "object" && value !== null && isWhole(value));
  const checked = (values: readonly unknown[], where: string): T => {
    const isText = typeof values[0] === "string"; // then all are, for a list of strings
    values.forEach((value, i) => {
      if (isText ? typeof value !== "string" : !isField(value)) refuse(value, `sample ${i} of the batch`, where);
    });
    return stack(values, where);
  };
  if (!isPlain || isWhole(first)) return { kind: "one", field: checked(samples, "") };
  const field = (key: string | number): T => {
    const values = samples.map((sample) => (sample as Record<string | number, unknown> | undefined)?.[key]);
    return checked(values, ` in field ${key}`);
  };
  if (Array.isArray(first)) return { kind: "list", items: first.map((_, i) => field(i)) };
  const keys = Object.keys(first);
  return { kind: "object", keys, items: keys.map(field) };
}

function refuse(value: unknown, sample: string, where: string): never {
  if (value === undefined)
    throw new DTypeError("DataLoader", `${sample} is undefined${where}; does getItem return all its parts?`);
  const kind = value === null ? "null" : `of type ${typeof value}`;
  throw new DTypeError(
    "DataLoader",
    `${sample} is ${kind}${where}; numbers, arrays of numbers, typed arrays and tensors can be stacked, and strings be ` +
      "a list (pass a collateFn for anything else)",
  );
}
