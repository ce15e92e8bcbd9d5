// Tensors of one number, and tensors of a rule: below class Tensor, so that its methods can make them too.

import { checkDType, checkRange, checkShape, describe } from "../core/check.js";
import type { DType } from "../core/dtype.js";
import { TapegradError } from "../core/errors.js";
import { checkNames } from "../core/options.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { castNumber } from "../ops/cast.js";
import { make } from "./construct.js";
import type { Tensor } from "./tensor.js";

export interface TensorOptions {
  /** Default float32; for typed arrays and booleans what they hold. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

/** The names in TensorOptions. */
export const TENSOR_OPTIONS = ["dtype", "requiresGrad"] as const;

/** A tensor of one number; of one truth value, with dtype bool. */
export function filled(op: string, shape: Shape, value: number | boolean, options: TensorOptions = {}): Tensor {
  checkShape(op, shape, options);
  checkNames(op, options, TENSOR_OPTIONS);
  if (typeof value !== "number" && typeof value !== "boolean") {
    throw new TapegradError(op, `takes a number to fill with, got ${describe(value)}`);
  }
  const { dtype = typeof value === "boolean" ? "bool" : "float32", requiresGrad = false } = options;
  checkDType(op, dtype);
  checkRange(op, [Number(value)], dtype);
  const array = NDArray.full(castNumber(Number(value), dtype), dtype, shape);
  return make(array, undefined, op).requiresGrad_(requiresGrad);
}

/** A tensor of memory as it is found. */
export function unfilled(op: string, shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape(op, shape, options);
  checkNames(op, options, TENSOR_OPTIONS);
  const { dtype = "float32", requiresGrad = false } = options;
  checkDType(op, dtype);
  return make(NDArray.empty(dtype, shape), undefined, op).requiresGrad_(requiresGrad);
}
