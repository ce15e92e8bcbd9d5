// Writing by index where several elements meet: their product, or the largest or smallest. (Sums are in indexing.ts.)

import { defineOp, type Meta } from "../autograd/op.js";
import type { Shape } from "../core/shape.js";
import type { NDArray } from "../kernels/array.js";
import type { Reduction } from "../kernels/reduce-source.js";
import { scatterReduce as combine, scatterIdentity } from "../kernels/scatter.js";
import type { Tensor } from "../tensor/tensor.js";
import { assertIndex, assertInside, cropped, type IndexAttributes, padded } from "./indexing.js";

export interface CombineAttributes extends IndexAttributes {
  readonly op: string;
  readonly dim: number;
  /** Of the result. */
  readonly shape: Shape;
}

/**
 * The largest or smallest of the elements of src that go to each place of a tensor of `shape`; the end of the dtype's
 * range where none does. Not differentiable: scatterExtreme is.
 */
export const scatterCombine = defineOp({
  name: "scatterCombine",
  inputs: ["src", "index"],
  shape: ({ src, index }, attributes: CombineAttributes & { readonly kind: Reduction }) => {
    return assertPlaces(src, index, attributes);
  },
  forward: ({ src, index }, { kind, ...attributes }) => combined(kind, src, index, attributes),
});

/** The product of the elements of src that go to each place of a tensor of `shape`; 1 where none does. */
export const scatterProd = defineOp({
  name: "scatterProd",
  inputs: ["src", "index"],
  shape: ({ src, index }, attributes: CombineAttributes) => assertPlaces(src, index, attributes),
  forward: ({ src, index }, attributes) => combined("prod", src, index, attributes),
  saves: ["src", "index", "output"],
  backward: {
    src: (dy, { src, index, output }, attributes) => {
      const others = productOfOthers(src.narrowedTo(index.shape), index, output, attributes);
      return dy.gatherAs(index, attributes).mul(others).paddedTo(src.shape);
    },
  },
});

function assertPlaces(src: Meta, index: Meta, { op, dim, shape }: CombineAttributes): Meta {
  assertIndex(op, index);
  assertInside(op, src.shape, index.shape, undefined);
  assertInside(op, shape, index.shape, dim);
  return { shape, dtype: src.dtype };
}

function combined(kind: Reduction, src: NDArray, index: NDArray, attributes: CombineAttributes): NDArray {
  const { dim, shape } = attributes;
  const part = combine(kind, cropped(src, index.shape, undefined), index, shape[dim]!, attributes);
  return padded(part, shape, scatterIdentity(kind, src.dtype));
}

/**
 * For each element the product of the others that go to its place, right to the second derivative where zeros are among
 * them: a nonzero element divides the product; the first zero leaves the product of what it leaves out; any other zero
 * leaves the first one times the product of what is not zero, if there are just these two.
 */
function productOfOthers(src: Tensor, index: Tensor, product: Tensor, attributes: CombineAttributes): Tensor {
  const { dim } = attributes;
  const there = (y: Tensor): Tensor => y.gatherAs(index, attributes);
  const isZero = src.eq(0);
  const position = index.positionsAlong(dim);
  const zeroPosition = position.expand(index.shape).where(isZero, 2 ** 31 - 1);
  const isFirst = there(zeroPosition.scatterCombine(index, { ...attributes, kind: "min" }))
    .eq(position)
    .logicalAnd(isZero);
  const withoutFirst = src.where(isFirst.logicalNot(), 1).scatterProd(index, attributes);
  const nonzero = src.where(isZero.logicalNot(), 1).scatterProd(index, attributes);
  const first = src.where(isFirst, 0).scatterSum(index, attributes);
  const areTwo = isZero.to("int32").scatterSum(index, attributes).eq(2);
  const forOtherZeros = there(first.mul(nonzero).where(areTwo, 0));
  const forNonzero = there(product).div(src.where(isZero.logicalNot(), 1));
  return there(withoutFirst).where(isFirst, forOtherZeros.where(isZero, forNonzero));
}

/**
 * The result of scatterReduce with the largest or smallest, which was computed before; here it meets the tape. Equal
 * elements share the gradient evenly, as in PyTorch.
 */
export const scatterExtreme = defineOp({
  name: "scatterReduce",
  inputs: ["x", "src", "index", "result"],
  shape: ({ result }, _: IndexAttributes & { readonly includeSelf: boolean }) => result,
  forward: ({ result }) => result,
  saves: ["x", "src", "index", "result"],
  backward: {
    x: (dy, { x, src, index, result }, attributes) => {
      const { fromX, count } = shares(x, src, index, result, attributes);
      return dy.div(count).where(fromX, 0);
    },
    src: (dy, { x, src, index, result }, attributes) => {
      const { fromSrc, count } = shares(x, src, index, result, attributes);
      return dy.div(count).gatherAs(index, attributes).where(fromSrc, 0).paddedTo(src.shape);
    },
  },
});

/** Which elements equal the result in their place, and how many do. */
function shares(
  x: Tensor,
  src: Tensor,
  index: Tensor,
  result: Tensor,
  attributes: IndexAttributes & { readonly includeSelf: boolean },
): { fromX: Tensor; fromSrc: Tensor; count: Tensor } {
  const use = { ...attributes, shape: x.shape };
  const fromSrc = src.narrowedTo(index.shape).eq(result.gatherAs(index, use));
  const met = fromSrc.to("int32").scatterSum(index, use);
  const isKept = attributes.includeSelf ? x.eq(result) : index.mul(0).add(1).scatterSum(index, use).eq(0);
  return { fromX: isKept, fromSrc, count: met.add(isKept.to("int32")) };
}
