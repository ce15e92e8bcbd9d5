// special.xlog1py

import { xlog1py as op } from "../ops/pairs.js";
import { apply, type Operand } from "../tensor/construct.js";
import type { Tensor } from "../tensor/tensor.js";

/** input log(1 + other), and 0 where input is 0 unless other is NaN. One may be a number. */
export function xlog1py(input: Operand, other: Operand): Tensor {
  return apply(op, [input, other]);
}
