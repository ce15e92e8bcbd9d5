// Padding with a constant.

import { defineOp } from "../autograd/op.js";
import { checkRange } from "../core/check.js";
import { slice } from "../core/layout.js";
import { NDArray } from "../kernels/array.js";
import { castNumber } from "./cast.js";

/** What is added at both ends of each dimension, 0 or more. */
interface PadAttributes {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly value: number;
}

/** x in the middle of `value`: dimension d grows by before[d] + after[d]. */
export const constantPad = defineOp({
  name: "pad",
  inputs: ["x"],
  shape: ({ x }, { before, after, value }: PadAttributes) => {
    checkRange("pad", [value], x.dtype);
    return { shape: x.shape.map((size, d) => before[d]! + size + after[d]!), dtype: x.dtype };
  },
  forward: ({ x }, { before, value }, { shape, dtype }) => {
    const y = NDArray.empty(dtype, shape, x.device);
    NDArray.constant(castNumber(value, dtype), dtype, shape, x.device).computeInto(y.realize());
    const middle = y.view((layout) => {
      return x.shape.reduce((part, size, d) => slice(part, d, before[d]!, size, 1), layout);
    });
    x.computeInto(middle.realize());
    return y;
  },
  backward: {
    x: (dy, _, { before }, { x }) => x.shape.reduce((dx, size, d) => dx.narrow(d, before[d]!, size), dy),
  },
});
