// WGSL for values: how an array's elements are read, computed and stored, one at a time or four.

import { type DType, dtypes } from "../../core/dtype.js";
import type { NDArray } from "../array.js";
import { spell, type ValueType, valueType } from "./function.js";
import { functionOf } from "./trace.js";

/** The value of an array that is held in memory as `raw`; a single element is repeated where vectors are handled. */
export function loaded(dtype: DType, raw: string, width: 1 | 4, isVector: boolean): string {
  if (dtype === "bool") {
    const test = `(${raw} != ${isVector ? "vec4u(0u)" : "0u"})`;
    return isVector ? test : splat("bool", test, width);
  }
  return isVector ? raw : splat(dtypes[dtype].value, raw, width);
}

/** The value of a constant that travels as a parameter. */
export function constantValue(dtype: DType, param: string, width: 1 | 4): string {
  const value = dtype === "bool" ? `(${param} != 0u)` : dtype === "float16" ? `f16(${param})` : param;
  return splat(dtypes[dtype].value, value, width);
}

/** The type of parameter a constant travels as. */
export function paramType(dtype: DType): "f32" | "i32" | "u32" {
  const { value } = dtypes[dtype];
  return value === "f32" || value === "f16" ? "f32" : value === "i32" ? "i32" : "u32";
}

/**
 * The value of a pointwise array.
 * @param isOfFour - uses the function's form for four results at once
 */
export function computed(node: NDArray, args: readonly string[], width: 1 | 4, isOfFour: boolean): string {
  const { fn, inputs } = functionOf(node);
  const to = valueType(node.dtype, width);
  const from = inputs.map(({ dtype }) => valueType(dtype, width));
  // WGSL has no 8-bit type: what overflows has to wrap by hand.
  const wrap = node.dtype === "uint8" ? ` & ${spell(to)}(255u)` : "";
  if (isOfFour && fn.wgslOfFour !== undefined) return fn.wgslOfFour(args, to, from);
  if (width === 1 || !fn.scalarOnly) return `(${fn.wgsl(args, to, from)})${wrap}`;
  const single = (type: ValueType): ValueType => ({ ...type, width: 1 });
  const components = ["x", "y", "z", "w"].map((component) =>
    fn.wgsl(
      args.map((arg) => `${arg}.${component}`),
      single(to),
      from.map(single),
    ),
  );
  return `${spell(to)}(${components.join(", ")})${wrap}`;
}

/** A value in the form memory holds it. */
export function stored(dtype: DType, value: string, width: 1 | 4): string {
  return dtype === "bool" ? `select(${splat("u32", "0u", width)}, ${splat("u32", "1u", width)}, ${value})` : value;
}

function splat(element: string, value: string, width: 1 | 4): string {
  return width === 1 ? value : `vec4<${element}>(${value})`;
}
