// Tensors from data and from rules.

import type { DType, TypedArray } from "../core/dtype.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { functions } from "../kernels/pointwise/common.js";
import { currentDevice } from "../runtime/device.js";
import { make, type Tensor } from "./tensor.js";

export interface TensorOptions {
  /** Default float32; for typed arrays and booleans what they hold. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

/** Numbers or booleans, nested as deeply as the tensor has dimensions. */
export type NestedData = number | boolean | readonly NestedData[];

/** Anything a tensor can be made from. */
export type TensorData =
  | NestedData
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array
  | BigInt64Array;

/**
 * A tensor of the data, which is copied. JavaScript cannot tell 1 from 1.0, so numbers become float32; class labels and
 * indices need `{ dtype: "int32" }`. Typed arrays give one dimension: reshape them.
 *
 * @throws ShapeError if nested arrays differ in length
 */
export function tensor(data: TensorData, { dtype, requiresGrad = false }: TensorOptions = {}): Tensor {
  const [values, shape, natural] = ArrayBuffer.isView(data) ? [data, [data.length], typedDType(data)] : flatten(data);
  const type = dtype ?? natural;
  return fromHost(convert(values, type), shape, type).requiresGrad_(requiresGrad);
}

/** @internal A tensor over host data that is not copied and must not change afterwards. */
export function fromHost(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  return make(NDArray.fromHost(data, dtype, shape, currentDevice()), undefined, "tensor");
}

export function full(
  shape: Shape,
  value: number,
  { dtype = "float32", requiresGrad = false }: TensorOptions = {},
): Tensor {
  checkSizes("full", shape);
  return make(NDArray.full(value, dtype, shape), undefined, "full").requiresGrad_(requiresGrad);
}

export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 0, options);
}

export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return full(shape, 1, options);
}

export function zerosLike({ shape, dtype }: Tensor, options?: TensorOptions): Tensor {
  return full(shape, 0, { dtype, ...options });
}

export function onesLike({ shape, dtype }: Tensor, options?: TensorOptions): Tensor {
  return full(shape, 1, { dtype, ...options });
}

/** Memory as it is found: to be overwritten before it is read. */
export function empty(shape: Shape, { dtype = "float32", requiresGrad = false }: TensorOptions = {}): Tensor {
  checkSizes("empty", shape);
  return make(NDArray.empty(dtype, shape), undefined, "empty").requiresGrad_(requiresGrad);
}

/** start, start + step, ... up to and without end. int32 if all three are whole numbers, as in PyTorch. */
export function arange(end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, options?: TensorOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...args: (number | TensorOptions | undefined)[]): Tensor {
  const numbers = args.filter((arg) => typeof arg === "number");
  const options = args.find((arg) => typeof arg === "object") ?? {};
  const [start, end, step = 1] = numbers.length === 1 ? [0, numbers[0]!] : (numbers as [number, number, number?]);
  const count = Math.ceil((end - start) / step);
  if (!(count >= 0)) throw new RangeError(`arange: a step of ${step} does not lead from ${start} to ${end}`);
  const dtype = options.dtype ?? ([start, end, step].every(Number.isInteger) ? "int32" : "float32");
  const values = Float64Array.from({ length: count }, (_, i) => start + i * step);
  return tensor(values, { ...options, dtype });
}

/** `steps` numbers from start to end, both included, evenly spaced. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // From both ends towards the middle, so that the last one is exact.
  const values = Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step,
  );
  return tensor(values, { dtype: "float32", ...options });
}

/** Ones on the diagonal, zeros elsewhere. */
export function eye(n: number, m = n, { dtype = "float32", requiresGrad = false }: TensorOptions = {}): Tensor {
  const array = inFrame(() => {
    const row = NDArray.pointwise(functions.index, "int32", [n, 1], []);
    const column = NDArray.pointwise(functions.index, "int32", [m], []);
    const isDiagonal = NDArray.pointwise(functions.equal, "bool", [n, m], [row, column]);
    return NDArray.pointwise(
      functions.select,
      dtype,
      [n, m],
      [isDiagonal, NDArray.constant(1, dtype), NDArray.constant(0, dtype)],
    );
  });
  return make(array, undefined, "eye").requiresGrad_(requiresGrad);
}

/** Values as the host holds a dtype. */
export function convert(values: Exclude<TensorData, NestedData> | readonly number[], dtype: DType): TypedArray {
  const numbers = values instanceof BigInt64Array ? Float64Array.from(values, Number) : values;
  switch (dtype) {
    case "float32":
      return Float32Array.from(numbers);
    case "int32":
      return Int32Array.from(numbers, Math.trunc);
    case "uint8":
      return Uint8Array.from(numbers);
    case "bool":
      return Uint8Array.from(numbers, (value) => Number(value !== 0));
    case "float16":
      throw new DTypeError("tensor", "float16 data is not supported yet; make it float32");
    default:
      return dtype satisfies never;
  }
}

function typedDType(data: ArrayBufferView): DType {
  if (data instanceof Float32Array || data instanceof Float64Array) return "float32";
  return data instanceof Uint8Array || data instanceof Uint8ClampedArray ? "uint8" : "int32";
}

function flatten(data: NestedData): [values: number[], shape: number[], natural: DType] {
  const shape: number[] = [];
  for (let part: NestedData | undefined = data; Array.isArray(part); part = part[0]) shape.push(part.length);
  const values: number[] = [];
  let isBool = true;
  const visit = (part: NestedData, d: number): void => {
    if (typeof part === "object") {
      if (part.length !== shape[d]) {
        const problem = `an array at depth ${d} has ${part.length} elements where another has ${shape[d] ?? "a number instead"}`;
        throw new ShapeError("tensor", [shape], problem, "all rows must have the same length");
      }
      for (const element of part) visit(element, d + 1);
      return;
    }
    if (d !== shape.length)
      throw new ShapeError("tensor", [shape], `a ${typeof part} stands at depth ${d} where an array was expected`);
    if (typeof part !== "number" && typeof part !== "boolean")
      throw new DTypeError("tensor", `takes numbers and booleans, got ${typeof part}`);
    isBool &&= typeof part === "boolean";
    values.push(Number(part));
  };
  visit(data, 0);
  return [values, shape, isBool && values.length > 0 ? "bool" : "float32"];
}

function checkSizes(op: string, shape: Shape): void {
  if (!shape.every((size) => Number.isInteger(size) && size >= 0) || !Number.isSafeInteger(numel(shape))) {
    throw new ShapeError(op, [shape], "sizes must be whole numbers from 0 on");
  }
}
