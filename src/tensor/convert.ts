// Numbers as the host holds them for a tensor.

import { checkRange } from "../core/check.js";
import type { DType, TypedArray } from "../core/dtype.js";
import { held } from "../core/half.js";
import type { NumberArray } from "./nested.js";

/**
 * The values in a dtype: towards zero to integers, != 0 to bool; float16 as the numbers that halves stand for.
 * @throws OutOfRangeError for a number that does not fit into an integer dtype
 */
export function convert(values: NumberArray | readonly number[], dtype: DType): TypedArray {
  const isBig = values instanceof BigInt64Array || values instanceof BigUint64Array;
  const numbers = isBig ? Float64Array.from(values, Number) : values;
  checkRange("tensor", numbers, dtype);
  switch (dtype) {
    case "float32":
      return Float32Array.from(numbers);
    case "int32":
      return Int32Array.from(numbers);
    case "uint8":
      return Uint8Array.from(numbers);
    case "bool":
      return Uint8Array.from(numbers, (value) => Number(value !== 0));
    case "float16":
      return Float32Array.from(numbers, (value) => held(value, dtype));
    default:
      return dtype satisfies never;
  }
}
