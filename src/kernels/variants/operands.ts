// Operands for problems that variants are measured and tested on.

import { numel, type Shape } from "../../core/shape.js";
import type { Device } from "../../runtime/device.js";
import { NDArray } from "../array.js";

export type FloatType = "float32" | "float16";

/** The floating-point types that a device computes with: kernels have a form for each, and each form is tested. */
export function floatTypes({ gpu }: Device): readonly FloatType[] {
  return gpu.features.has("shader-f16") ? ["float32", "float16"] : ["float32"];
}

export interface Operand {
  readonly data: Float32Array;
  readonly array: NDArray;
}

export function operand(device: Device, dtype: FloatType, shape: Shape, numberAt: (i: number) => number): Operand {
  const data = Float32Array.from({ length: numel(shape) }, (_, i) => numberAt(i));
  return { data, array: NDArray.fromHost(data, dtype, shape, device) };
}

/** Whole numbers from -2 to `period` - 3 or less, for sums that are exact. */
export function wholeNumbers(device: Device, dtype: FloatType, shape: Shape, period: number): Operand {
  return operand(device, dtype, shape, (i) => ((i * i) % period) - 2);
}
