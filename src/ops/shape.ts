// Ops that move elements without computing: views (no copy), contiguous copies, joining and cutting.

import { defineListOp, defineOp, type Op } from "../autograd/op.js";
import { ShapeError } from "../core/errors.js";
import * as layouts from "../core/layout.js";
import { type Shape, sameShape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { computeTogether } from "../kernels/pointwise/together.js";

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
    if (step === 1) {
      const zeros = (size: number): NDArray => NDArray.constant(0, dtype, shape.with(dim, size), x.device);
      return joined([zeros(start), x, zeros(shape[dim]! - start - length)], dim, shape);
    }
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
  forward: (inputs, dim, { shape }) => joined(inputs, dim, shape),
  backward: (dy, dim, inputs) => {
    let start = 0;
    return inputs.map(({ shape }) => {
      const length = shape[dim]!;
      start += length;
      return dy.narrow(dim, start - length, length);
    });
  },
});

/** New memory for arrays one after another, which one kernel fills. */
function joined(arrays: readonly NDArray[], dim: number, shape: Shape): NDArray {
  const y = NDArray.empty(arrays[0]!.dtype, shape, arrays[0]!.device);
  const { storage, layout } = y.realize();
  let start = 0;
  const targets = arrays.map((array) => {
    const length = array.shape[dim]!;
    start += length;
    return { array, storage, layout: layouts.slice(layout, dim, start - length, length, 1) };
  });
  computeTogether(targets);
  return y;
}

/** Pieces along a dimension, one after another. Views: their gradients are joined by one kernel. */
export const split: Op<{ readonly dim: number; readonly sizes: readonly number[] }> = {
  name: "split",
  inputs: ["x"],
  outputs: [],
  promotion: undefined,
  unpromoted: [],
  saves: () => [],
  shape: ([x], { dim, sizes }) => sizes.map((size) => ({ shape: x!.shape.with(dim, size), dtype: x!.dtype })),
  forward: ([x], { dim, sizes }) => {
    let start = 0;
    const outputs = sizes.map((size) => {
      start += size;
      return x!.view((layout) => layouts.slice(layout, dim, start - size, size, 1));
    });
    return { outputs };
  },
  backward: (dys, { attributes: { dim } }) => [dys[0]!.joinedWith(dys.slice(1), dim)],
};

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
