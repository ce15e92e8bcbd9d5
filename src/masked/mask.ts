// How masks reach an operation: elements they leave out take the value that changes nothing.

import { checkTensor } from "../core/check.js";
import { isFloatingPoint, valueRange } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { broadcastsTo } from "../core/shape.js";
import type { ReductionOptions, Tensor } from "../tensor/tensor.js";

export interface MaskOptions extends Pick<ReductionOptions, "dtype"> {
  /** true where an element counts; broadcast to the input. Default: everywhere. */
  readonly mask?: Tensor | null;
}

/** The value an operation is indifferent to: "low" and "high" are the ends of the dtype's range. */
type Neutral = number | "low" | "high";

/** x where the mask holds, the neutral value elsewhere. */
export function fill(op: string, x: Tensor, mask: Tensor | null | undefined, neutral: Neutral): Tensor {
  if (mask === null || mask === undefined) return x;
  const [least, greatest] = valueRange(x.dtype);
  const value = typeof neutral === "number" ? neutral : neutral === "low" ? least : greatest;
  return x.maskedFill(over(op, x, mask).logicalNot(), value);
}

/** The mask in the shape of x. */
export function over(op: string, x: Tensor, mask: Tensor): Tensor {
  checkTensor(op, mask);
  if (!broadcastsTo(mask.shape, x.shape)) {
    throw new ShapeError(op, [x.shape, mask.shape], "the mask must broadcast to the input");
  }
  return (mask.dtype === "bool" ? mask : mask.ne(0)).expand(x.shape);
}

/** The input as floats. */
export function floating(x: Tensor): Tensor {
  return isFloatingPoint(x.dtype) ? x : x.to("float32");
}
