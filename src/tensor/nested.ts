// Nested arrays of numbers, read without a GPU: what tensors, and samples in a worker, are made from.

import { describe, isTensor } from "../core/check.js";
import { type DType, promoteTypes } from "../core/dtype.js";
import { DTypeError, ShapeError } from "../core/errors.js";

/** Numbers of one row, or of a whole tensor. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** Anything a tensor can be made from: numbers or booleans, nested as deeply as the tensor has dimensions. */
export type TensorData = number | boolean | NumberArray | readonly TensorData[];

/** Whether data is a typed array. */
export function isTyped(data: unknown): data is NumberArray {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

/** The dtype a typed array has of itself. */
export function typedDType(data: NumberArray): DType {
  if (data instanceof Float32Array || data instanceof Float64Array) return "float32";
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray ? "uint8" : "int32";
}

/**
 * Nested data in row-major order, its shape, and its natural dtype.
 * @throws ShapeError if nested arrays differ in length; DTypeError for anything but numbers and booleans
 */
export function flatten(data: TensorData): [values: number[], shape: number[], natural: DType] {
  const isList = (part: unknown): part is readonly TensorData[] | NumberArray => Array.isArray(part) || isTyped(part);
  const shape: number[] = [];
  for (let part: unknown = data; isList(part); part = part[0]) shape.push(part.length);
  const values: number[] = [];
  let natural: DType | undefined;
  const meet = (dtype: DType): void => {
    if (dtype !== natural) natural = natural === undefined ? dtype : promoteTypes(natural, dtype);
  };
  const visit = (part: unknown, d: number): void => {
    if (isList(part)) {
      if (part.length !== shape[d]) {
        const problem = `an array at depth ${d} has ${part.length} elements where another has ${shape[d] ?? "a number instead"}`;
        throw new ShapeError("tensor", [shape], problem, "all rows must have the same length");
      }
      if (Array.isArray(part)) for (const element of part) visit(element, d + 1);
      else if (d + 1 !== shape.length) visit(part[0], d + 1);
      else {
        meet(typedDType(part as NumberArray));
        for (const element of part) values.push(Number(element));
      }
      return;
    }
    if (typeof part !== "number" && typeof part !== "boolean") {
      const fix = isTensor(part) ? "; use stack() for several, clone() for one" : "";
      throw new DTypeError("tensor", `takes numbers and booleans, got ${describe(part)}${fix}`);
    }
    if (d !== shape.length)
      throw new ShapeError("tensor", [shape], `a ${typeof part} stands at depth ${d} where an array was expected`);
    meet(typeof part === "boolean" ? "bool" : "float32");
    values.push(Number(part));
  };
  visit(data, 0);
  return [values, shape, natural ?? "float32"];
}
