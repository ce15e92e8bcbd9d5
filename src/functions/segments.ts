// Reductions over segments of a dimension.

import { checkTensor, describe } from "../core/check.js";
import { DTypeError, ShapeError, TapegradError } from "../core/errors.js";
import { type Shape, sameShape } from "../core/shape.js";
import { arange, full } from "../tensor/create.js";
import { scatterReduce } from "../tensor/scatter-reduce.js";
import { countAt } from "../tensor/scattering.js";
import type { Tensor } from "../tensor/tensor.js";
import { searchsorted } from "./searching.js";

export type SegmentReduction = "sum" | "mean" | "prod" | "max" | "min";

export interface SegmentReduceOptions {
  /** How long each segment is, int32 [.., S]; its last dimension stands for the one that is cut. */
  readonly lengths?: Tensor | null;
  /** Where each segment begins, and where the last one ends, int32 [.., S + 1]. */
  readonly offsets?: Tensor | null;
  /** The dimension that is cut, which is the last one of lengths or offsets. Default 0. */
  readonly axis?: number;
  /** Takes part in each segment, and is the result of empty ones. */
  readonly initial?: number | null;
  /** Segments are never checked. */
  readonly unsafe?: boolean;
}

/** The sum, mean, product or extreme of each segment along a dimension. */
export function segmentReduce(x: Tensor, reduce: SegmentReduction, options: SegmentReduceOptions = {}): Tensor {
  const { lengths, offsets, axis, initial } = options;
  checkTensor("segmentReduce", x);
  const given = offsets ?? lengths;
  if (!given) throw new TapegradError("segmentReduce", "needs lengths or offsets");
  if (given.dtype !== "int32") throw new DTypeError("segmentReduce", `segments are ${given.dtype} and must be int32`);
  const dim = given.ndim - 1;
  const isOfRows = dim < x.ndim && sameShape(given.shape.slice(0, dim), x.shape.slice(0, dim));
  if (dim < 0 || !isOfRows || (axis !== undefined && axis !== dim)) {
    const problem = "the segments' last dimension stands for `axis`, and those before it must be the tensor's";
    throw new ShapeError("segmentReduce", [x.shape, given.shape], problem);
  }
  const S = given.shape[dim]! - (offsets ? 1 : 0);
  const J = x.shape[dim]!;
  const positions = arange(J).expand([...given.shape.slice(0, dim), J]);
  const found = offsets
    ? searchsorted(offsets, positions, { right: true }).sub(1)
    : searchsorted(given.cumsum(dim), positions, { right: true });
  // What lies in no segment goes to one of its own, which is left out.
  const inSome = found.where(found.ge(0), S).clamp(0, S);
  const index = inSome.reshape([...inSome.shape, ...new Array<number>(x.ndim - dim - 1).fill(1)]).expand(x.shape);
  const y = reduced(x, dim, index, reduce, x.shape.with(dim, S + 1), initial ?? undefined);
  return y.narrow(dim, 0, S).contiguous().asBase();
}

function reduced(
  x: Tensor,
  dim: number,
  index: Tensor,
  reduce: SegmentReduction,
  shape: Shape,
  initial: number | undefined,
): Tensor {
  const filled = (value: number): Tensor => full(shape, value, { dtype: x.dtype });
  const into = (base: Tensor, how: "sum" | "prod" | "amax" | "amin", includeSelf = true): Tensor => {
    return index.numel() === 0 ? base : scatterReduce("segmentReduce", base, dim, index, x, how, { includeSelf });
  };
  switch (reduce) {
    case "sum":
      return into(filled(initial ?? 0), "sum");
    case "prod":
      return into(filled(initial ?? 1), "prod");
    case "mean": {
      const count = index.numel() === 0 ? filled(0) : countAt(filled(0), dim, index);
      const mean = into(filled(initial ?? 0), "sum").div(count.clamp(1));
      return mean.where(count.gt(0), initial ?? Number.NaN);
    }
    case "max":
    case "min": {
      const isMax = reduce === "max";
      const start = initial ?? (isMax ? -Infinity : Infinity);
      const found = into(filled(start), isMax ? "amax" : "amin", false);
      // The start is no element: where it equals the extreme, the gradient is the elements'.
      const isBeyond = isMax ? found.lt(start) : found.gt(start);
      return found.where(isBeyond.logicalNot(), start);
    }
    default:
      throw new TapegradError(
        "segmentReduce",
        `reduce must be "sum", "mean", "prod", "max" or "min", got ${describe(reduce satisfies never)}`,
      );
  }
}
