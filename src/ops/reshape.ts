// The same elements in the same order under another shape: views where strides allow, otherwise copies. One op under the
// names people call it by, so that errors and the tape say what was called.

import { defineOp, type Op } from "../autograd/op.js";
import type { Shape } from "../core/shape.js";

/** y has x's elements in row-major order and `shape`. */
export const reshape = defineOp({
  name: "reshape",
  inputs: ["x"],
  shape: ({ x }, shape: Shape) => ({ shape, dtype: x.dtype }),
  forward: ({ x }, shape) => x.reshape(shape),
  backward: { x: (dy, _, __, { x }) => dy.reshape(x.shape) },
});

/** The same; the caller has checked that strides allow it. */
export const view: Op<Shape> = { ...reshape, name: "view" };
/** Neighbouring dimensions merged into one. */
export const flatten: Op<Shape> = { ...reshape, name: "flatten" };
/** One dimension made several. */
export const unflatten: Op<Shape> = { ...reshape, name: "unflatten" };
/** A dimension of size 1 more. */
export const unsqueeze: Op<Shape> = { ...reshape, name: "unsqueeze" };
/** Dimensions of size 1 less. */
export const squeeze: Op<Shape> = { ...reshape, name: "squeeze" };
