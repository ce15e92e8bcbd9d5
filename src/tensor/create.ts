// Tensors from data, and of one number.

import { checkDType, describe } from "../core/check.js";
import { type DType, promoteTypes, type TypedArray } from "../core/dtype.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { currentDevice } from "../runtime/current.js";
import { refuseInStep } from "../runtime/recording.js";
import { convert } from "./convert.js";
import { filled, type TensorOptions, unfilled } from "./fill.js";
import { shapeOf } from "./shape-arguments.js";
import { make, Tensor } from "./tensor.js";

export { arange, eye, linspace, type RangeOptions } from "./ranges.js";
export type { TensorOptions };

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

/**
 * A tensor of the data, which is copied. JavaScript cannot tell 1 from 1.0, so numbers become float32; class labels and
 * indices need `{ dtype: "int32" }`. Typed arrays give one dimension, the last one.
 *
 * @throws ShapeError if nested arrays differ in length; DTypeError for anything but numbers and booleans;
 *   OutOfRangeError for a number that does not fit into an integer dtype
 */
export function tensor(data: TensorData, options: TensorOptions = {}): Tensor {
  refuseInStep("makes a tensor of data from JavaScript, which replays would not see", "pass the tensor as an argument");
  return fromData(data, options);
}

/** @internal The same for data that depends on shapes alone, also inside of a recorded step. */
export function fromData(data: TensorData, { dtype, requiresGrad = false }: TensorOptions = {}): Tensor {
  const [values, shape, natural] = isTyped(data) ? [data, [data.length], typedDType(data)] : flatten(data);
  const type = dtype ?? natural;
  checkDType("tensor", type);
  return fromHost(convert(values, type), shape, type).requiresGrad_(requiresGrad);
}

/** @internal A tensor over host data that is not copied and must not change afterwards. */
export function fromHost(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  return make(NDArray.fromHost(data, dtype, shape, currentDevice()), undefined, "tensor");
}

/** `fillValue` everywhere; `true` and `false` make a bool tensor. */
export function full(size: Shape, fillValue: number | boolean, options?: TensorOptions): Tensor {
  return filled("full", size, fillValue, options);
}

export function zeros(size: Shape, options?: TensorOptions): Tensor {
  return filled("zeros", size, 0, options);
}

export function ones(size: Shape, options?: TensorOptions): Tensor {
  return filled("ones", size, 1, options);
}

/** Memory as it is found: to be overwritten before it is read. */
export function empty(size: Shape, options?: TensorOptions): Tensor {
  return unfilled("empty", size, options);
}

/** `fillValue` everywhere, in the shape and dtype of a tensor. */
export function fullLike(input: Tensor, fillValue: number | boolean, options?: TensorOptions): Tensor {
  return filled("fullLike", shapeOf("fullLike", input), fillValue, { dtype: input.dtype, ...options });
}

export function zerosLike(input: Tensor, options?: TensorOptions): Tensor {
  return filled("zerosLike", shapeOf("zerosLike", input), 0, { dtype: input.dtype, ...options });
}

export function onesLike(input: Tensor, options?: TensorOptions): Tensor {
  return filled("onesLike", shapeOf("onesLike", input), 1, { dtype: input.dtype, ...options });
}

/** Memory as it is found, in the shape and dtype of a tensor. */
export function emptyLike(input: Tensor, options?: TensorOptions): Tensor {
  return unfilled("emptyLike", shapeOf("emptyLike", input), { dtype: input.dtype, ...options });
}

function isTyped(data: unknown): data is NumberArray {
  return ArrayBuffer.isView(data) && !(data instanceof DataView);
}

function typedDType(data: NumberArray): DType {
  if (data instanceof Float32Array || data instanceof Float64Array) return "float32";
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray ? "uint8" : "int32";
}

function flatten(data: TensorData): [values: number[], shape: number[], natural: DType] {
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
      const fix = part instanceof Tensor ? "; use stack() for several, clone() for one" : "";
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
