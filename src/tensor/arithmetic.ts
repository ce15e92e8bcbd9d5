// What methods of arithmetic do before they apply an op.

import type { Op } from "../autograd/op.js";
import { checkRange, describe } from "../core/check.js";
import { type DType, dtypes, isFloatingPoint, valueRange } from "../core/dtype.js";
import { DTypeError, TapegradError } from "../core/errors.js";
import { optionsIn } from "../core/options.js";
import * as bounds from "../ops/bounds.js";
import * as division from "../ops/division.js";
import { dtypeOf, isScalar } from "./promotion.js";
import type { Operand, Tensor } from "./tensor.js";

/** A factor for the second operand of add and sub. */
export interface AlphaOptions {
  readonly alpha?: number | boolean | null;
}

/** How div rounds: "trunc" towards zero, "floor" down; null does not. */
export interface DivOptions {
  readonly roundingMode?: "trunc" | "floor" | null;
}

/** alpha times the second operand, in the dtype in which both will meet. */
export function scaled(op: string, self: Operand, other: Operand, { alpha }: AlphaOptions = {}): Operand {
  if (alpha === undefined || alpha === null || Number(alpha) === 1) return other;
  const dtype = dtypeOf([self, other]);
  if (!isFloatingPoint(dtype) && !Number.isInteger(Number(alpha)))
    throw new DTypeError(op, `alpha ${alpha} is no whole number, and the operands are ${dtype}`);
  return isScalar(other) ? Number(other) * Number(alpha) : other.to(dtype).mul(alpha).to(dtype);
}

/** The op for a rounding mode. */
export function divisionOf({ roundingMode }: DivOptions = {}): Op<void> {
  if (roundingMode === undefined || roundingMode === null) return division.div;
  if (roundingMode === "trunc") return division.truncDivide;
  if (roundingMode === "floor") return division.floorDivide;
  throw new TapegradError("div", `roundingMode is "trunc", "floor" or null, got ${describe(roundingMode)}`);
}

/** The bounds of clamp. */
export interface ClampOptions {
  readonly min?: Operand | null;
  readonly max?: Operand | null;
}

/** The op of clamp and its operands, from bounds by position or as options: one that is not given is left out. */
export function clamping(
  x: Tensor,
  low: Operand | ClampOptions | null = null,
  high: Operand | null = null,
): [Op<void>, [Tensor, ...Operand[]]] {
  const { min = null, max = null } = optionsIn<ClampOptions>(low, { min: low as Operand | null, max: high });
  if (min === null && max === null) throw new TapegradError("clamp", "needs min or max");
  if (min === null) return [bounds.clampMax, [x, bound(x.dtype, max!)]];
  if (max === null) return [bounds.clampMin, [x, bound(x.dtype, min)]];
  return [bounds.clamp, [x, bound(x.dtype, min), bound(x.dtype, max)]];
}

/** A bound outside of an integer dtype binds as its end does. */
export function bound(dtype: DType, value: Operand): Operand {
  if (typeof value !== "number" || dtypes[dtype].category !== 1 || !Number.isInteger(value)) return value;
  const [least, greatest] = valueRange(dtype);
  return Math.min(Math.max(value, least), greatest);
}

/** The exponent of pow: a negative number would make fractions of integers, one that wraps another power. */
export function exponent(base: Operand, value: Operand): Operand {
  const dtype = dtypeOf([base]);
  if (typeof value !== "number" || isFloatingPoint(dtype) || !Number.isInteger(value)) return value;
  if (value >= 0) {
    checkRange("pow", [value], dtype);
    return value;
  }
  const fix = `x.to("float32").pow(${value})`;
  throw new DTypeError("pow", `${dtype} to the power of ${value} is not ${dtype}; use ${fix}`);
}
