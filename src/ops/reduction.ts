// Reductions over dimensions. `dims` are counted from the front and ascending (src/tensor normalizes them).

import { defineOp, type Meta } from "../autograd/op.js";
import { isFloatingPoint } from "../core/dtype.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import { numel, reduceShape, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { isNaNExpression, type PointwiseFunction } from "../kernels/pointwise/function.js";
import { type Reduction, reduce } from "../kernels/reduce.js";
import type { Tensor } from "../tensor/tensor.js";
import { assertMeaning } from "./pointwise.js";

export interface ReductionAttributes {
  readonly dims: readonly number[];
  /** Of the result: without the reduced dimensions, or with size 1 in their place. */
  readonly shape: Shape;
  /** The operation in the user's words, for errors. Default: the op's own name. */
  readonly op?: string;
}

/** A gradient of a reduced shape, back in the shape before the reduction. */
function spread(dy: Tensor, { dims }: ReductionAttributes, { shape }: Meta): Tensor {
  return dy.reshape(reduceShape(shape, dims, true)).expand(shape);
}

function reduced(x: Meta, { shape }: ReductionAttributes): Meta {
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

/** The largest or smallest element. Equal ones share the gradient evenly, as in PyTorch's amax and amin. */
const extreme = (name: "amax" | "amin", kind: Reduction) =>
  defineOp({
    name,
    inputs: ["x"],
    shape: ({ x }, attributes: ReductionAttributes) => {
      assertChoice(attributes.op ?? name, x, attributes.dims);
      return reduced(x, attributes);
    },
    forward: ({ x }, { dims, shape }) => reduce(kind, x, dims, { shape }),
    saves: ["x", "output"],
    backward: {
      x: (dy, { x, output }, attributes, metas) => {
        const isExtreme = x.eq(spread(output, attributes, metas.x)).to(x.dtype);
        return spread(dy, attributes, metas.x).mul(isExtreme.div(isExtreme.sum(attributes.dims, { keepdim: true })));
      },
    },
  });

/** The largest element over `dims`. */
export const amax = extreme("amax", "max");
/** The smallest element over `dims`. */
export const amin = extreme("amin", "min");

/**
 * Where the first largest or smallest element is (NaN counts as both), counted along the one reduced dimension, or
 * row-major over all of them.
 */
const argExtreme = (name: "argmax" | "argmin", kind: Reduction) =>
  defineOp({
    name,
    inputs: ["x"],
    shape: ({ x }, attributes: ReductionAttributes) => {
      assertChoice(name, x, attributes.dims);
      const count = countOf(x.shape, attributes.dims);
      if (count > 2 ** 31) throw new ShapeError(name, [x.shape], `int32 cannot count ${count} elements`);
      return { ...reduced(x, attributes), dtype: "int32" };
    },
    forward: ({ x }, { dims, shape }) => {
      x.realize();
      // The extreme value first; then the smallest position that holds it.
      const best = reduce(kind, x, dims, { shape: reduceShape(x.shape, dims, true) });
      const isBest = NDArray.pointwise(sameValue, "bool", x.shape, [x, best]);
      const alongDims = x.shape.map((size, d) => (dims.includes(d) ? size : 1));
      const position = NDArray.pointwise(functions.index, "int32", alongDims, []);
      const past = NDArray.constant(numel(x.shape), "int32");
      const candidates = NDArray.pointwise(functions.select, "int32", x.shape, [isBest, position, past]);
      return reduce("min", candidates, dims, { shape });
    },
  });

/** Where the first largest element is. */
export const argmax = argExtreme("argmax", "max");
/** Where the first smallest element is. */
export const argmin = argExtreme("argmin", "min");

const sameValue: PointwiseFunction = {
  name: "sameValue",
  wgsl: ([a, b], _, [type]) => `(${a} == ${b}) | (${isNaNExpression(type!, a!)} & ${isNaNExpression(type!, b!)})`,
};

function assertChoice(name: string, { shape, dtype }: Meta, dims: readonly number[]): void {
  assertMeaning(name, { shape, dtype }, "any() or all()");
  if (countOf(shape, dims) > 0) return;
  throw new ShapeError(name, [shape], "there is nothing to choose from along an empty dimension");
}

function countOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((count, d) => count * shape[d]!, 1);
}
