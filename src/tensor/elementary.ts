// Functions of one number with options.

import { checkWhole } from "../core/check.js";
import { assertFloat } from "../ops/pointwise.js";
import { round, roundDecimals } from "../ops/rounding.js";
import { apply } from "./construct.js";
import type { Tensor } from "./tensor.js";

export function roundTo(x: Tensor, decimals: number): Tensor {
  if (decimals === 0) return apply(round, [x]);
  checkWhole("round", { decimals }, Number.NEGATIVE_INFINITY);
  assertFloat("round", "x", x);
  return apply(roundDecimals, [x], { decimals });
}
