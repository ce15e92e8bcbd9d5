// Tensors from data and from rules.

import { checkDType, checkRange, checkShape, checkWhole, describe } from "../core/check.js";
import { type DType, promoteTypes, type TypedArray } from "../core/dtype.js";
import { DTypeError, OutOfRangeError, ShapeError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { functions } from "../kernels/pointwise/common.js";
import { currentDevice } from "../runtime/current.js";
import { convert } from "./convert.js";
import { make, Tensor } from "./tensor.js";

export interface TensorOptions {
  /** Default float32; for typed arrays and booleans what they hold. */
  readonly dtype?: DType;
  readonly requiresGrad?: boolean;
}

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
export function tensor(data: TensorData, { dtype, requiresGrad = false }: TensorOptions = {}): Tensor {
  const [values, shape, natural] = isTyped(data) ? [data, [data.length], typedDType(data)] : flatten(data);
  const type = dtype ?? natural;
  checkDType("tensor", type);
  return fromHost(convert(values, type), shape, type).requiresGrad_(requiresGrad);
}

/** @internal A tensor over host data that is not copied and must not change afterwards. */
export function fromHost(data: TypedArray, shape: Shape, dtype: DType): Tensor {
  return make(NDArray.fromHost(data, dtype, shape, currentDevice()), undefined, "tensor");
}

export function full(shape: Shape, value: number, options?: TensorOptions): Tensor {
  return filled("full", shape, value, options);
}

export function zeros(shape: Shape, options?: TensorOptions): Tensor {
  return filled("zeros", shape, 0, options);
}

export function ones(shape: Shape, options?: TensorOptions): Tensor {
  return filled("ones", shape, 1, options);
}

export function zerosLike({ shape, dtype }: Tensor, options?: TensorOptions): Tensor {
  return filled("zerosLike", shape, 0, { dtype, ...options });
}

export function onesLike({ shape, dtype }: Tensor, options?: TensorOptions): Tensor {
  return filled("onesLike", shape, 1, { dtype, ...options });
}

function filled(op: string, shape: Shape, value: number, options: TensorOptions = {}): Tensor {
  checkShape(op, shape, options);
  const { dtype = "float32", requiresGrad = false } = options;
  checkDType(op, dtype);
  checkRange(op, [value], dtype);
  return make(NDArray.full(value, dtype, shape), undefined, op).requiresGrad_(requiresGrad);
}

/** Memory as it is found: to be overwritten before it is read. */
export function empty(shape: Shape, options: TensorOptions = {}): Tensor {
  checkShape("empty", shape, options);
  const { dtype = "float32", requiresGrad = false } = options;
  checkDType("empty", dtype);
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
  if (!(count >= 0 && count < Infinity))
    throw new OutOfRangeError("arange", `a step of ${step} does not lead from ${start} to ${end}`);
  const dtype = options.dtype ?? ([start, end, step].every(Number.isInteger) ? "int32" : "float32");
  checkDType("arange", dtype);
  const values = Float64Array.from({ length: count }, (_, i) => start + i * step);
  return tensor(values, { ...options, dtype });
}

/** `steps` numbers from start to end, both included, evenly spaced. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkWhole("linspace", { steps });
  if (options.dtype !== undefined) checkDType("linspace", options.dtype);
  const step = steps > 1 ? (end - start) / (steps - 1) : 0;
  // From both ends towards the middle, so that the last one is exact.
  const values = Float64Array.from({ length: steps }, (_, i) =>
    i < steps / 2 ? start + i * step : end - (steps - 1 - i) * step,
  );
  return tensor(values, { dtype: "float32", ...options });
}

/** Ones on the diagonal, zeros elsewhere. */
export function eye(n: number, m = n, { dtype = "float32", requiresGrad = false }: TensorOptions = {}): Tensor {
  checkWhole("eye", { n, m });
  checkDType("eye", dtype);
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
