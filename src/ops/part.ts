// Parts of tensors, wherever they lie in memory: what tensors that share memory with others are to them. One pair of ops, each
// the other's derivative, for whatever a chain of views can pick.

import { defineOp } from "../autograd/op.js";
import type { Layout } from "../core/layout.js";
import * as layouts from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { Tensor } from "../tensor/tensor.js";

/** Which elements of a tensor. */
export interface Part {
  /** How the tensor lies in memory, from offset 0. */
  readonly memory: Layout;
  /** How its part lies in the same memory. */
  readonly layout: Layout;
}

/** How many elements of memory a layout reaches, from the start of the storage. */
export function extentOf({ shape, strides, offset }: Layout): number {
  if (shape.includes(0)) return 0;
  return strides.reduce((end, stride, d) => end + (shape[d]! - 1) * stride, offset + 1);
}

/** A part of x: the elements that a view of x would have. */
export const part = defineOp({
  name: "part",
  inputs: ["x"],
  shape: ({ x }, { layout }: Part) => ({ shape: layout.shape, dtype: x.dtype }),
  forward: ({ x }, { memory, layout }) => {
    const placed = layouts.isContiguous(memory) ? x.contiguous() : laidOut(x, memory);
    return placed.view(({ offset }) => ({ ...layout, offset: layout.offset + offset }));
  },
  backward: { x: (dy, _, which, { x }) => spread(dy, which, x.shape) },
});

/** x with other values in a part of it, no two elements of which are one: y[part] = values, y = x elsewhere. A copy. */
export const withPart = defineOp({
  name: "withPart",
  inputs: ["x", "values"],
  shape: ({ x }, _: Part) => x,
  forward: ({ x, values }, { memory, layout }) => {
    const y = laidOut(x, memory);
    values.computeInto(y.view(() => layout).realize());
    return y;
  },
  backward: {
    x: (dy, _, which) => dy.withPart(dy.newZeros(which.layout.shape), which),
    values: (dy, _, which) => dy.part(which),
  },
});

/** A copy of x that lies in memory in a given way, from its start. */
function laidOut(x: NDArray, memory: Layout): NDArray {
  const y = NDArray.empty(x.dtype, [extentOf(memory)], x.device).view(() => memory);
  x.computeInto(y.realize());
  return y;
}

/** Zeros of `shape` with dy added to a part of it: once for each element of dy, of which several may be one of the part. */
function spread(dy: Tensor, { memory, layout }: Part, shape: Shape): Tensor {
  if (layouts.isOneToOne(layout)) return dy.newZeros(shape).withPart(dy, { memory, layout });
  const along = (dim: number, index: number): Part => ({ memory, layout: layouts.select(layout, dim, index) });
  const repeated = layout.strides.findIndex((stride, d) => stride === 0 && layout.shape[d] !== 1);
  if (repeated >= 0) return spread(dy.sum(repeated), along(repeated, 0), shape);
  // Windows: each place within them apart from the others.
  const dims = layout.shape.map((_, d) => d).reverse();
  const dim = dims.find((d) => layouts.isOneToOne(along(d, 0).layout)) ?? dims.find((d) => layout.shape[d] !== 1)!;
  const places = Array.from({ length: layout.shape[dim]! }, (_, i) => spread(dy.select(dim, i), along(dim, i), shape));
  return places.reduce((sum, place) => sum.add(place));
}
