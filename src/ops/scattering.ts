// Writing by index, and what indices are made of.

import { defineOp } from "../autograd/op.js";
import { DTypeError } from "../core/errors.js";
import { broadcastShapes } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import type { PointwiseFunction } from "../kernels/pointwise/function.js";
import { scatterLast, scatterPut } from "../kernels/scatter.js";
import { assertIndex, assertInside, cropped, type IndexAttributes, padded } from "./indexing.js";

/**
 * x with src[o, j, i] at (o, index[o, j, i], i), where j runs along `dim`; the last j where several name one element.
 * The gradient of src goes to the elements that stayed.
 */
export const scatter = defineOp({
  name: "scatter",
  inputs: ["x", "index", "src"],
  extras: ["last"],
  shape: ({ x, index, src }, { dim, op = "scatter" }: IndexAttributes) => {
    assertIndex(op, index);
    assertInside(op, x.shape, index.shape, dim);
    assertInside(op, src.shape, index.shape, undefined);
    if (src.dtype !== x.dtype) {
      throw new DTypeError(
        op,
        `the source is ${src.dtype} and must be ${x.dtype}, as the tensor: src.to("${x.dtype}")`,
      );
    }
    return x;
  },
  forward: ({ x, index, src }, attributes) => {
    const { shape } = x;
    const { dim } = attributes;
    const last = scatterLast(index, index.shape, shape[dim]!, { op: "scatter", shape, ...attributes });
    const region = cropped(x, index.shape, dim);
    const part = scatterPut(region, cropped(src, index.shape, undefined), last, dim);
    if (region.shape.every((size, d) => size === shape[d])) return { output: part, last };
    const output = NDArray.empty(x.dtype, shape, x.device);
    x.computeInto(output.realize());
    part.computeInto(output.view((layout) => ({ ...layout, shape: region.shape })).realize());
    return { output, last: padded(last.expand(region.shape), shape) };
  },
  saves: ["index"],
  backward: {
    x: (dy, { last }) => dy.where(last.eq(0), 0),
    src: (dy, { index, last }, attributes, { x, src }) => {
      const stayed = last.expand(x.shape).gatherAs(index, attributes).sub(1).eq(index.positionsAlong(attributes.dim));
      return dy.gatherAs(index, attributes).where(stayed, 0).paddedTo(src.shape);
    },
  },
});

/** 0, 1, 2 ... along one dimension, of size 1 in all others. Not differentiable. */
export const positionsAlong = defineOp({
  name: "positionsAlong",
  inputs: ["x"],
  shape: ({ x }, dim: number) => ({ shape: x.shape.map((size, d) => (d === dim ? size : 1)), dtype: "int32" }),
  forward: (_, __, { shape }) => NDArray.pointwise(functions.index, "int32", shape, []),
});

/**
 * One position for two: a * size + b, where b may be negative; -2^31 where a is negative, or b is outside -size ..
 * size - 1. Not differentiable.
 */
export const joinedPosition = defineOp({
  name: "joinedPosition",
  inputs: ["a", "b"],
  shape: ({ a, b }, { op }: JoinedAttributes) => {
    assertIndex(op, b);
    return { shape: broadcastShapes(op, a.shape, b.shape), dtype: "int32" };
  },
  forward: ({ a, b }, { size }, { shape }) => {
    return NDArray.pointwise(joined, "int32", shape, [a, b, NDArray.constant(size, "int32", [], a.device)]);
  },
});

export interface JoinedAttributes {
  readonly op: string;
  readonly size: number;
}

const joined: PointwiseFunction = {
  name: "joinedPosition",
  scalarOnly: true,
  wgsl: ([a, b, size]) => {
    const outside = `${a} < 0 || ${b} < -${size} || ${b} >= ${size}`;
    return `select(${a} * ${size} + select(${b}, ${b} + ${size}, ${b} < 0), bitcast<i32>(0x80000000u), ${outside})`;
  },
};
