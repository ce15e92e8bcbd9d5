// Functions of one number with options.

import type { Op } from "../autograd/op.js";
import { checkWhole } from "../core/check.js";
import type { DType } from "../core/dtype.js";
import { checkOptionsIn, optional } from "../core/options.js";
import { assertFloat } from "../ops/pointwise.js";
import { round, roundDecimals } from "../ops/rounding.js";
import { dimOf } from "./base.js";
import { apply, change } from "./construct.js";
import type { Tensor } from "./tensor.js";

export interface ConvertOptions {
  /** The input is converted to it first. */
  readonly dtype?: DType | null;
}

interface DimOptions extends ConvertOptions {
  readonly dim?: number | null;
}

export type DimAndDType = number | (DimOptions & { readonly dim: number });

/** softmax or its logarithm along a dimension, which may stand among the options. */
export function softmaxOf(op: Op<number>, x: Tensor, dim: DimAndDType, given: ConvertOptions | undefined): Tensor {
  const options = checkOptionsIn<DimOptions>(op.name, dim, given, ["dim", "dtype"]);
  const at = dimOf(x, op.name, optional<"dim", number>(dim, "dim", Number.NaN));
  return apply(op, [options.dtype ? x.to(options.dtype) : x], at);
}

export function roundTo(x: Tensor, decimals: number): Tensor {
  if (decimals === 0) return apply(round, [x]);
  checkDecimals("round", x, decimals);
  return apply(roundDecimals, [x], { decimals });
}

export function roundInPlace(x: Tensor, decimals: number): Tensor {
  if (decimals === 0) return change(round, [x]);
  checkDecimals("round_", x, decimals);
  return change(roundDecimals, [x], { decimals });
}

function checkDecimals(op: string, x: Tensor, decimals: number): void {
  checkWhole(op, { decimals }, Number.NEGATIVE_INFINITY);
  assertFloat(op, "x", x);
}
