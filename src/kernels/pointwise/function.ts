// A pointwise function in WGSL: what one element of the result is, given one element of each operand.

import { type DType, dtypes, isFloatingPoint } from "../../core/dtype.js";
import type { WgslFile } from "../source.js";

/** How generated code writes values: one at a time, or four as a vector. */
export interface ValueType {
  readonly dtype: DType;
  /** WGSL type of one element: f32, f16, i32, u32 or bool. */
  readonly element: string;
  readonly width: 1 | 4;
}

export interface PointwiseFunction {
  /** Identifies the function: two functions of one name must be the same. */
  readonly name: string;
  /**
   * The WGSL expression of the result.
   * @param args - names of the operands' values
   * @param to - type of the result
   * @param from - types of the operands
   */
  readonly wgsl: (args: readonly string[], to: ValueType, from: readonly ValueType[]) => string;
  /** Files in wgsl/shared whose functions the expression calls. */
  readonly imports?: readonly WgslFile[];
  /** The expression holds for single values only; vectors are computed component by component. */
  readonly scalarOnly?: boolean;
  /** The expression gets, after its operands, the element's row-major index in the result's own shape, as u32. */
  readonly indexed?: boolean;
  /**
   * For indexed functions: the expression of four results at once, given the operands and the first element's index, a
   * multiple of 4. Used where the four elements follow each other.
   */
  readonly wgslOfFour?: (args: readonly string[], to: ValueType, from: readonly ValueType[]) => string;
}

export function valueType(dtype: DType, width: 1 | 4): ValueType {
  return { dtype, element: dtypes[dtype].value, width };
}

/** The WGSL spelling of a type: "f32", "vec4<bool>". */
export function spell({ element, width }: Pick<ValueType, "element" | "width">): string {
  return width === 1 ? element : `vec4<${element}>`;
}

/**
 * A test for NaN by its bits: WGSL compilers may assume that there is no NaN, and fold `x != x` to false.
 * Integers and bools are never NaN.
 */
export function isNaNExpression(type: ValueType, x: string): string {
  const { width } = type;
  const u32 = spell({ element: "u32", width });
  const f32 = spell({ element: "f32", width });
  if (!isFloatingPoint(type.dtype)) return `${spell({ element: "bool", width })}(false)`;
  return `((bitcast<${u32}>(${type.element === "f32" ? x : `${f32}(${x})`}) & ${u32}(0x7fffffffu)) > ${u32}(0x7f800000u))`;
}
