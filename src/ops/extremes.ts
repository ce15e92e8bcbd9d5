// The largest and smallest elements over dimensions, and where they are.

import { defineOp, type Meta } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import { numel, reduceShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { isNaNExpression, type PointwiseFunction } from "../kernels/pointwise/function.js";
import { reduce } from "../kernels/reduce.js";
import type { Reduction } from "../kernels/reduce-source.js";
import { assertMeaning } from "./pointwise.js";
import { countOf, type ReductionAttributes, reduced, spread } from "./reduction.js";

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
        // max() and min() hand the gradient to NaN; amax and amin have none for it.
        const equal = x.eq(spread(output, attributes, metas.x));
        const isExtreme = (/^(max|min)$/.test(attributes.op ?? "") ? equal.logicalOr(x.isnan()) : equal).to(x.dtype);
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

/** Where the first largest element is. Not differentiable. */
export const argmax = argExtreme("argmax", "max");
/** Where the first smallest element is. Not differentiable. */
export const argmin = argExtreme("argmin", "min");

const sameValue: PointwiseFunction = {
  name: "sameValue",
  wgsl: ([a, b], _, [type]) => `(${a} == ${b}) | (${isNaNExpression(type!, a!)} & ${isNaNExpression(type!, b!)})`,
};

function assertChoice(name: string, { shape, dtype }: Meta, dims: readonly number[]): void {
  assertMeaning(name, { shape, dtype }, `x.to("uint8")`);
  if (countOf(shape, dims) > 0) return;
  throw new ShapeError(name, [shape], "there is nothing to choose from along an empty dimension");
}
