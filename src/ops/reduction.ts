// Reductions over dimensions. `dims` are counted from the front and ascending (src/tensor normalizes them).

import { defineOp, type Meta } from "../autograd/op.js";
import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError } from "../core/errors.js";
import { reduceShape, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { type PointwiseFunction, spell } from "../kernels/pointwise/function.js";
import { reduce } from "../kernels/reduce.js";
import math from "../kernels/wgsl/shared/math.js";
import type { Tensor } from "../tensor/tensor.js";

export interface ReductionAttributes {
  readonly dims: readonly number[];
  /** Of the result: without the reduced dimensions, or with size 1 in their place. */
  readonly shape: Shape;
  /** The operation in the user's words, for errors. Default: the op's own name. */
  readonly op?: string;
}

/** A gradient of a reduced shape, back in the shape before the reduction. */
export function spread(dy: Tensor, { dims }: ReductionAttributes, { shape }: Meta): Tensor {
  return dy.reshape(reduceShape(shape, dims, true)).expand(shape);
}

export function reduced(x: Meta, { shape }: ReductionAttributes): Meta {
  return { shape, dtype: x.dtype };
}

/** y = sum of x over `dims`. */
export const sum = defineOp({
  name: "sum",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes) => reduced(x, attributes),
  forward: ({ x }, { dims, shape }) => reduce("sum", x, dims, { shape }),
  backward: { x: (dy, _, attributes, { x }) => spread(dy, attributes, x) },
});

/** y = sum of x over `dims`, divided by the number of elements summed. */
export const mean = defineOp({
  name: "mean",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes) => {
    if (!isFloatingPoint(x.dtype))
      throw new DTypeError("mean", `needs floating point, got ${x.dtype}; use x.to("float32").mean()`);
    return reduced(x, attributes);
  },
  forward: ({ x }, { dims, shape }) => {
    const count = countOf(x.shape, dims);
    if (count === 0) return NDArray.constant(Number.NaN, x.dtype, shape, x.device);
    return reduce("sum", x, dims, { shape, scale: 1 / count });
  },
  backward: { x: (dy, _, attributes, { x }) => spread(dy.div(countOf(x.shape, attributes.dims)), attributes, x) },
});

/**
 * y = product of x over `dims`. dx_i = dy times the product of all elements but x_i: of those before and those after it, so
 * that zeros need no care.
 */
export const prod = defineOp({
  name: "prod",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes) => reduced(x, attributes),
  forward: ({ x }, { dims, shape }) => reduce("prod", x, dims, { shape }),
  saves: ["x"],
  backward: {
    x: (dy, { x }, attributes, { x: meta }) => {
      const { dims } = attributes;
      const kept = meta.shape.map((_, d) => d).filter((d) => !dims.includes(d));
      const order = [...kept, ...dims];
      const rows = x.permute(order).reshape([...kept.map((d) => meta.shape[d]!), countOf(meta.shape, dims)]);
      const dim = kept.length;
      const before = rows.cumprodAs({ dim, exclusive: true });
      const after = rows.cumprodAs({ dim, exclusive: true, reverse: true });
      const others = before.mul(after).reshape(order.map((d) => meta.shape[d]!));
      return spread(dy, attributes, meta).mul(others.permute(order.map((_, d) => order.indexOf(d))));
    },
  },
});

/** y = log of the sum of exp(x) over `dims`, shifted by the maximum so that exp stays in range. */
export const logsumexp = defineOp({
  name: "logsumexp",
  inputs: ["x"],
  promotion: "float",
  shape: ({ x }, attributes: ReductionAttributes) => reduced(x, attributes),
  forward: ({ x }, { dims, shape }, { dtype }) => {
    x.realize();
    const wide = "float32"; // the sum of float16 may be longer than float16 counts
    const y = x.dtype === wide ? x : NDArray.pointwise(functions.toFloat, wide, x.shape, [x]);
    const kept = reduceShape(x.shape, dims, true);
    const shift = NDArray.pointwise(finiteOrZero, wide, kept, [reduce("max", y, dims, { shape: kept })]);
    shift.realize();
    const shifted = NDArray.pointwise(functions.sub, wide, x.shape, [y, shift]);
    const total = reduce("sum", NDArray.pointwise(functions.exp, wide, x.shape, [shifted]), dims, { shape });
    return NDArray.pointwise(logPlus, dtype, shape, [total, shift.reshape(shape)]);
  },
  saves: ["x", "output"],
  backward: {
    x: (dy, { x, output }, attributes, { x: meta }) =>
      spread(dy, attributes, meta).mul(x.sub(spread(output, attributes, meta)).exp()),
  },
});

const finiteOrZero: PointwiseFunction = {
  name: "finiteOrZero",
  wgsl: ([x], to) => `select(${x}, ${spell(to)}(0), abs(${x}) > ${spell(to)}(0x1.fffffep+127))`,
};
const logPlus: PointwiseFunction = {
  name: "logPlus",
  imports: [math],
  scalarOnly: true,
  wgsl: ([x, shift], to) => `${spell(to)}(log_(f32(${x})) + f32(${shift}))`,
};

/** Whether all elements over `dims` are nonzero. Not differentiable: it is yes or no. */
export const all = defineOp({
  name: "all",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes) => reduced(x, attributes),
  forward: ({ x }, { dims, shape }) => reduce("min", x, dims, { shape }),
});

/** Whether any element over `dims` is nonzero. Not differentiable: it is yes or no. */
export const any = defineOp({
  name: "any",
  inputs: ["x"],
  shape: ({ x }, attributes: ReductionAttributes) => reduced(x, attributes),
  forward: ({ x }, { dims, shape }) => reduce("max", x, dims, { shape }),
});

/** How many elements lie over `dims`. */
export function countOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((count, d) => count * shape[d]!, 1);
}
