// What copy_ and fill_ do.

import { defineOp } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import { broadcastsTo } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import { cast } from "./cast.js";

/** The source's values, broadcast, in place of x's. */
export const copy = defineOp({
  name: "copy",
  inputs: ["x", "source"],
  shape: ({ x, source }) => {
    if (!broadcastsTo(source.shape, x.shape)) {
      throw new ShapeError("copy_", [x.shape, source.shape], "the source does not broadcast to the tensor");
    }
    return x;
  },
  forward: ({ x, source }) => {
    const [converted] = cast.forward([source], x.dtype, [{ shape: source.shape, dtype: x.dtype }]).outputs as [NDArray];
    return converted.expand(x.shape);
  },
  backward: {
    x: (dy) => dy.newZeros(dy.shape),
    source: (dy, _, __, { source }) => dy.sumToSize(source.shape).to(source.dtype),
  },
});

export const fill: typeof copy = { ...copy, name: "fill" };
