// Ops that move elements without computing: views (no copy), contiguous copies, joining and cutting.

import { defineListOp, defineOp } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import * as layouts from "../core/layout.js";
import { type Shape, sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";

/** Dimensions in another order: result dimension d is x's dimension dims[d]. */
export const permute = defineOp({
  name: "permute",
  inputs: ["x"],
  shape: ({ x }, dims: readonly number[]) => ({ shape: dims.map((d) => x.shape[d]!), dtype: x.dtype }),
  forward: ({ x }, dims) => x.view((layout) => layouts.permute(layout, dims)),
  backward: { x: (dy, _, dims) => dy.permute(dims.map((_d, i) => dims.indexOf(i))) },
});

/** Dimensions of size 1 repeated, leading ones added, without copying. */
export const expand = defineOp({
  name: "expand",
  inputs: ["x"],
  shape: ({ x }, shape: Shape) => ({ shape, dtype: x.dtype }),
  forward: ({ x }, shape) => x.expand(shape),
  backward: { x: (dy, _, __, { x }) => dy.sumToSize(x.shape) },
});

export interface SliceAttributes {
  readonly dim: number;
  readonly start: number;
  readonly length: number;
  readonly step: number;
}

/** `length` elements of dimension `dim` from `start`, `step` apart. */
export const slice = defineOp({
  name: "slice",
  inputs: ["x"],
  shape: ({ x }, { dim, length }: SliceAttributes) => ({ shape: x.shape.with(dim, length), dtype: x.dtype }),
  forward: ({ x }, { dim, start, length, step }) => x.view((layout) => layouts.slice(layout, dim, start, length, step)),
  backward: { x: (dy, _, attributes, { x }) => dy.sliceInto(x.shape, attributes) },
});

/** One slice of dimension `dim`, which disappears. */
export const select = defineOp({
  name: "select",
  inputs: ["x"],
  shape: ({ x }, { dim }: { readonly dim: number; readonly index: number }) => {
    return { shape: x.shape.toSpliced(dim, 1), dtype: x.dtype };
  },
  forward: ({ x }, { dim, index }) => x.view((layout) => layouts.select(layout, dim, index)),
  backward: {
    x: (dy, _, { dim, index }, { x }) =>
      dy.unsqueeze(dim).sliceInto(x.shape, { dim, start: index, length: 1, step: 1 }),
  },
});

/** Zeros of `shape` with x in the place a slice would take from: the derivative of slice, and the other way round. */
export const sliceInto = defineOp({
  name: "sliceInto",
  inputs: ["x"],
  shape: ({ x }, { shape }: SliceAttributes & { readonly shape: Shape }) => ({ shape, dtype: x.dtype }),
  forward: ({ x }, { dim, start, length, step }, { shape, dtype }) => {
    const y = NDArray.empty(dtype, shape, x.device);
    NDArray.constant(0, dtype, shape, x.device).computeInto(y.realize());
    x.computeInto(y.view((layout) => layouts.slice(layout, dim, start, length, step)).realize());
    return y;
  },
  backward: { x: (dy, _, { dim, start, length, step }) => dy.sliced({ dim, start, length, step }) },
});

/** Tensors one after another along an existing dimension. */
export const cat = defineListOp({
  name: "cat",
  promotion: "common",
  shape: (inputs, dim: number) => {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError("cat", [], "needs at least one tensor");
    for (const { shape } of inputs) {
      if (shape.length === first.shape.length && sameShape(shape.with(dim, 0), first.shape.with(dim, 0))) continue;
      const shapes = inputs.map((input) => input.shape);
      throw new ShapeError("cat", shapes, `all dimensions but ${dim} must be equal`);
    }
    return {
      shape: first.shape.with(
        dim,
        inputs.reduce((total, { shape }) => total + shape[dim]!, 0),
      ),
      dtype: first.dtype,
    };
  },
  forward: (inputs, dim, { shape, dtype }) => {
    const y = NDArray.empty(dtype, shape, inputs[0]!.device);
    let start = 0;
    for (const x of inputs) {
      const length = x.shape[dim]!;
      x.computeInto(y.view((layout) => layouts.slice(layout, dim, start, length, 1)).realize());
      start += length;
    }
    return y;
  },
  backward: (dy, dim, inputs) => {
    let start = 0;
    return inputs.map(({ shape }) => {
      const length = shape[dim]!;
      start += length;
      return dy.narrow(dim, start - length, length);
    });
  },
});

/** Row-major order without gaps; a copy unless it is so already. */
export const contiguous = defineOp({
  name: "contiguous",
  inputs: ["x"],
  shape: ({ x }) => x,
  forward: ({ x }) => x.contiguous(),
  backward: { x: (dy) => dy },
});

/** A copy in memory of its own. */
export const clone = defineOp({
  name: "clone",
  inputs: ["x"],
  shape: ({ x }) => x,
  forward: ({ x }) => NDArray.pointwise(functions.identity, x.dtype, x.shape, [x]),
  backward: { x: (dy) => dy },
});
