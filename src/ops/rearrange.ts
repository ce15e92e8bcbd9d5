// Ops that bring elements into another order: flipped dimensions, windows, diagonals, triangles.

import { defineOp } from "../autograd/op.js";
import * as layouts from "../core/layout.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { functions } from "../kernels/pointwise/common.js";
import { windowSum as addWindows } from "../kernels/window-sum.js";

/** Dimensions in reverse order: y[.., i, ..] = x[.., size - 1 - i, ..]. A copy. */
export const flip = defineOp({
  name: "flip",
  inputs: ["x"],
  shape: ({ x }, _dims: readonly number[]) => x,
  forward: ({ x }, dims, { shape, dtype }) => {
    const y = NDArray.empty(dtype, shape, x.device);
    const { storage, layout } = y.realize();
    x.computeInto({ kind: "realized", storage, layout: layouts.flip(layout, dims) });
    return y;
  },
  backward: { x: (dy, _, dims) => dy.flip(dims) },
});

/** A diagonal of two dimensions, as the last dimension: y[.., i] = x[.., i, .., i + offset, ..]. A view. */
export const diagonal = defineOp({
  name: "diagonal",
  inputs: ["x"],
  shape: ({ x }, which: layouts.Diagonal) => {
    return { shape: layouts.diagonal(layouts.contiguous(x.shape), which).shape, dtype: x.dtype };
  },
  forward: ({ x }, which) => x.view((layout) => layouts.diagonal(layout, which)),
  backward: { x: (dy, _, which, { x }) => dy.diagonalInto(x.shape, which) },
});

/** Zeros of `shape` with x on a diagonal: the derivative of diagonal, and the other way round. */
export const diagonalInto = defineOp({
  name: "diagonalInto",
  inputs: ["x"],
  shape: ({ x }, { shape }: layouts.Diagonal & { readonly shape: Shape }) => ({ shape, dtype: x.dtype }),
  forward: ({ x }, which, { shape, dtype }) => {
    const y = NDArray.empty(dtype, shape, x.device);
    NDArray.constant(0, dtype, shape, x.device).computeInto(y.realize());
    x.computeInto(y.view((layout) => layouts.diagonal(layout, which)).realize());
    return y;
  },
  backward: { x: (dy, _, which) => dy.diagonalAs(which) },
});

export interface WindowAttributes {
  readonly dim: number;
  readonly size: number;
  readonly step: number;
}

/** Windows of a dimension, with a new last dimension through each: y[.., w, .., k] = x[.., w * step + k, ..]. A view. */
export const windows = defineOp({
  name: "unfold",
  inputs: ["x"],
  shape: ({ x }, { dim, size, step }: WindowAttributes) => {
    return { shape: layouts.windows(layouts.contiguous(x.shape), dim, size, step).shape, dtype: x.dtype };
  },
  forward: ({ x }, { dim, size, step }) => x.view((layout) => layouts.windows(layout, dim, size, step)),
  backward: { x: (dy, _, attributes, { x }) => dy.windowSum(x.shape, attributes) },
});

/** Windows added up where they came from, y[.., d, ..] = sum of x[.., w, .., k] with w * step + k = d: unfold's derivative. */
export const windowSum = defineOp({
  name: "windowSum",
  inputs: ["x"],
  shape: ({ x }, { shape }: WindowAttributes & { readonly shape: Shape }) => ({ shape, dtype: x.dtype }),
  forward: ({ x }, { shape, dim, step }) => addWindows(x, shape, dim, step),
  backward: { x: (dy, _, { dim, size, step }) => dy.windows({ dim, size, step }) },
});

/** The lower triangle of the last two dimensions, zeros above: y[.., i, j] = x[.., i, j] where j - i <= diagonal. */
export const tril = defineOp({
  name: "tril",
  inputs: ["x"],
  shape: ({ x }, _diagonal: number) => x,
  forward: ({ x }, diagonal) => {
    const zero = NDArray.constant(0, x.dtype, [], x.device);
    return NDArray.pointwise(functions.select, x.dtype, x.shape, [above(x, diagonal), zero, x]);
  },
  backward: { x: (dy, _, diagonal) => dy.tril(diagonal) },
});

/** The upper triangle of the last two dimensions, zeros below: y[.., i, j] = x[.., i, j] where j - i >= diagonal. */
export const triu = defineOp({
  name: "triu",
  inputs: ["x"],
  shape: ({ x }, _diagonal: number) => x,
  forward: ({ x }, diagonal) => {
    const zero = NDArray.constant(0, x.dtype, [], x.device);
    return NDArray.pointwise(functions.select, x.dtype, x.shape, [above(x, diagonal - 1), x, zero]);
  },
  backward: { x: (dy, _, diagonal) => dy.triu(diagonal) },
});

/** j - i > diagonal, for each place (i, j) of the last two dimensions. */
function above({ device, shape }: NDArray, diagonal: number): NDArray {
  const [M, N] = shape.slice(-2) as [number, number];
  const limit = NDArray.constant(Math.min(Math.max(diagonal, -M - 1), N), "int32", [], device);
  const row = NDArray.pointwise(functions.index, "int32", [M, 1], []);
  const column = NDArray.pointwise(functions.index, "int32", [N], []);
  const distance = NDArray.pointwise(functions.sub, "int32", [M, N], [column, row]);
  return NDArray.pointwise(functions.exceeds, "bool", [M, N], [distance, limit]);
}
