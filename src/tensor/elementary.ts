// Functions of one number with options.

import { checkWhole } from "../core/check.js";
import { assertFloat } from "../ops/pointwise.js";
import { round, roundDecimals } from "../ops/rounding.js";
import { apply, change } from "./construct.js";
import type { Tensor } from "./tensor.js";

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
