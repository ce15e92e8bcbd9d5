// Tensors by rule: evenly spaced numbers, and the identity matrix. What is short is computed here, exactly, and the host
// knows it; what is long, on the GPU.

import { checkDType, checkRange, checkWhole, describe } from "../core/check.js";
import { type DType, isFloatingPoint } from "../core/dtype.js";
import { OutOfRangeError, TapegradError } from "../core/errors.js";
import { checkNames, isOptions } from "../core/options.js";
import { NDArray } from "../kernels/array.js";
import { inFrame } from "../kernels/frame.js";
import { functions } from "../kernels/pointwise/common.js";
import { type PointwiseFunction, spell } from "../kernels/pointwise/function.js";
import { currentDevice } from "../runtime/current.js";
import { make } from "./construct.js";
import { convert } from "./convert.js";
import { TENSOR_OPTIONS, type TensorOptions } from "./fill.js";
import type { Tensor } from "./tensor.js";

/** Numbers that JavaScript computes in about the time of a launch. */
export const MOST_ON_HOST = 1 << 14;

/** Places are counted in int32. */
const MOST = 2 ** 31 - 1;

export interface RangeOptions extends TensorOptions {
  /** Default 1. */
  readonly step?: number;
}

/**
 * start, start + step, ... up to and without end: ceil((end - start) / step) numbers. int32 if all three are whole
 * numbers, as in PyTorch. An integer dtype cuts off the fractions of all three.
 */
export function arange(end: number, options?: RangeOptions): Tensor;
export function arange(start: number, end: number, options?: RangeOptions): Tensor;
export function arange(start: number, end: number, step: number, options?: TensorOptions): Tensor;
export function arange(...args: unknown[]): Tensor {
  const last = args.at(-1);
  const options = isOptions<RangeOptions>(last) ? last : {};
  checkNames("arange", options, [...TENSOR_OPTIONS, "step"]);
  const numbers = (isOptions(last) ? args.slice(0, -1) : args).filter((arg) => arg !== undefined && arg !== null);
  const other = numbers.find((arg) => typeof arg !== "number");
  if (other !== undefined) throw new TapegradError("arange", `takes numbers, got ${describe(other)}`);
  if (numbers.length === 0) throw new TapegradError("arange", "needs the number to end before");
  const [first, second, third] = numbers as number[];
  const [start, end] = second === undefined ? [0, first!] : [first!, second];
  const bounds = [start, end, third ?? options.step ?? 1];
  const dtype = options.dtype ?? (bounds.every(Number.isInteger) ? "int32" : "float32");
  checkDType("arange", dtype);
  const [from, to, step] = (isFloatingPoint(dtype) ? bounds : bounds.map(Math.trunc)) as [number, number, number];
  const count = Math.ceil((to - from) / step);
  if (!(count >= 0 && count < Infinity))
    throw new OutOfRangeError("arange", `a step of ${step} does not lead from ${from} to ${to}`);
  return spaced("arange", count, { start: from, step, end: from + (count - 1) * step }, { ...options, dtype });
}

/** `steps` numbers from start to end, both included, evenly spaced. An integer dtype cuts off their fractions. */
export function linspace(start: number, end: number, steps: number, options: TensorOptions = {}): Tensor {
  checkNames("linspace", options, TENSOR_OPTIONS);
  const { dtype = "float32" } = options;
  checkWhole("linspace", { steps });
  checkDType("linspace", dtype);
  const [from, to] = isFloatingPoint(dtype) ? [start, end] : [Math.trunc(start), Math.trunc(end)];
  const step = steps > 1 ? (to - from) / (steps - 1) : 0;
  return spaced("linspace", steps, { start: from, step, end: to }, { ...options, dtype });
}

/** Ones on the diagonal, zeros elsewhere: [n, m], where m is n if left out. */
export function eye(n: number, m?: number | TensorOptions | null, options: TensorOptions = {}): Tensor {
  const given = isOptions<TensorOptions>(m) ? m : options;
  checkNames("eye", given, TENSOR_OPTIONS);
  const { dtype = "float32", requiresGrad = false } = given;
  const columns = isOptions(m) ? n : (m ?? n);
  checkWhole("eye", { n, m: columns });
  checkDType("eye", dtype);
  const array = inFrame(() => {
    const row = NDArray.pointwise(functions.index, "int32", [n, 1], []);
    const column = NDArray.pointwise(functions.index, "int32", [columns], []);
    const isDiagonal = NDArray.pointwise(functions.equal, "bool", [n, columns], [row, column]);
    const [one, zero] = [NDArray.constant(1, dtype), NDArray.constant(0, dtype)];
    return NDArray.pointwise(functions.select, dtype, [n, columns], [isDiagonal, one, zero]);
  });
  return make(array, undefined, "eye").requiresGrad_(requiresGrad);
}

export interface Spacing {
  readonly start: number;
  readonly step: number;
  /** The last number. */
  readonly end: number;
}

/** Evenly spaced numbers, from both ends towards the middle, so that the last one is as exact as the first. */
export function spacedValues(count: number, { start, step, end }: Spacing): Float64Array {
  return Float64Array.from({ length: count }, (_, i) =>
    2 * i < count ? start + i * step : end - (count - 1 - i) * step,
  );
}

function spaced(op: string, count: number, spacing: Spacing, { dtype, requiresGrad = false }: Made): Tensor {
  const { start, step, end } = spacing;
  if (count > MOST) throw new OutOfRangeError(op, `${count} numbers are more than a tensor can hold (${MOST})`);
  const isOnGpu = count > MOST_ON_HOST && (dtype === "float32" || dtype === "float16" || isWhole(spacing, dtype));
  if (!isOnGpu) return listed(op, spacedValues(count, spacing), { dtype, requiresGrad });
  checkRange(op, [start, end], dtype);
  const array = inFrame(() => {
    const constants = [start, step, end].map((value) => NDArray.constant(value, dtype));
    return NDArray.pointwise(spacedFunction, dtype, [count], [...constants, NDArray.constant(count - 1, "int32")]);
  });
  return make(array, undefined, op).requiresGrad_(requiresGrad);
}

/** The values as a tensor that the host knows. */
export function listed(op: string, values: Float64Array, { dtype, requiresGrad = false }: Made): Tensor {
  const array = NDArray.fromHost(convert(values, dtype), dtype, [values.length], currentDevice());
  return make(array, undefined, op).requiresGrad_(requiresGrad);
}

export type Made = TensorOptions & { readonly dtype: DType };

/** Whether the GPU's whole numbers are exact. */
function isWhole({ start, step, end }: Spacing, dtype: DType): boolean {
  return dtype === "int32" && [start, step, end].every((value) => Number.isInteger(value) && Math.abs(value) < 2 ** 31);
}

const spacedFunction: PointwiseFunction = {
  name: "spaced",
  indexed: true,
  wgsl: ([start, step, end, last, index], to) => {
    const i = `${spell({ element: "i32", width: to.width })}(${index})`;
    const near = `${start} + ${spell(to)}(${i}) * ${step}`;
    const far = `${end} - ${spell(to)}(${last} - ${i}) * ${step}`;
    return `select(${far}, ${near}, ${i} <= ${last} - ${i})`;
  },
};
