// Tensors from data, and of one number.

import { checkDType } from "../core/check.js";
import type { DType, TypedArray } from "../core/dtype.js";
import { checkOptions } from "../core/options.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { currentDevice } from "../runtime/current.js";
import { refuseInStep } from "../runtime/recording.js";
import { convert } from "./convert.js";
import { filled, TENSOR_OPTIONS, type TensorOptions, unfilled } from "./fill.js";
import { flatten, isTyped, type TensorData, typedDType } from "./nested.js";
import { shapeOf } from "./shape-arguments.js";
import { make, type Tensor } from "./tensor.js";

export type { NumberArray, TensorData } from "./nested.js";
export { arange, eye, linspace, type RangeOptions } from "./ranges.js";
export type { TensorOptions };

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
export function fromData(data: TensorData, options: TensorOptions = {}): Tensor {
  const { dtype, requiresGrad = false } = checkOptions("tensor", options, TENSOR_OPTIONS);
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
