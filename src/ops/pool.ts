// Pooling over the last two dimensions.

import { defineMultiOp } from "../autograd/multi-op.js";
import { defineOp, type Meta } from "../autograd/op.js";
import { formatShape, ShapeError } from "../core/errors.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import type { Pair } from "../kernels/conv2d.js";
import * as kernels from "../kernels/pool2d.js";
import { scatterLast, scatterPut } from "../kernels/scatter.js";
import { assertIndex } from "./indexing.js";
import { assertFloat } from "./pointwise.js";

export type MaxPool2dAttributes = kernels.Pool2dAttributes & { readonly ceilMode: boolean };
export type AvgPool2dAttributes = kernels.AvgPool2dAttributes & { readonly ceilMode: boolean };

/** The largest element of each window; the gradient goes to the first largest. */
export const maxPool2d = defineOp({
  name: "maxPool2d",
  inputs: ["x"],
  extras: ["indices"],
  shape: ({ x }, attributes: MaxPool2dAttributes) => pooled("maxPool2d", x, attributes),
  forward: ({ x }, attributes, { shape }) => kernels.maxPool2d(x, attributes, plane(shape)),
  backward: {
    x: (dy, { indices }, attributes, { x }) => dy.maxPool2dGradient(indices, attributes, plane(x.shape)),
  },
});

/** The same and where in its plane each largest element is, int32. */
export const maxPool2dWithIndices = defineMultiOp({
  name: "maxPool2d",
  inputs: ["x"],
  outputs: ["output", "indices"],
  shape: ({ x }, attributes: MaxPool2dAttributes) => {
    const output = pooled("maxPool2d", x, attributes);
    return { output, indices: { shape: output.shape, dtype: "int32" } };
  },
  forward: ({ x }, attributes) => kernels.maxPool2d(x, attributes, plane(pooled("maxPool2d", x, attributes).shape)),
  saves: ["indices"],
  backward: {
    x: ({ output: dy }, { indices }, attributes, { x }) => dy.maxPool2dGradient(indices, attributes, plane(x.shape)),
  },
});

/** Sends dy to where the largest elements were. */
export const maxPool2dGradient = defineOp({
  name: "maxPool2dGradient",
  inputs: ["dy", "indices"],
  shape: ({ dy }, { size }: kernels.Pool2dAttributes & { readonly size: Pair }) => {
    return { shape: [...dy.shape.slice(0, -2), ...size], dtype: dy.dtype };
  },
  forward: ({ dy, indices }, attributes) => kernels.maxPool2dGradient(dy, indices, attributes, attributes.size),
  saves: ["indices"],
  backward: {
    dy: (ddx, { indices }, _, { dy }) => {
      const flat = (tensor: typeof ddx): typeof ddx => tensor.reshape([...dy.shape.slice(0, -2), -1]);
      return flat(ddx).gather(-1, flat(indices)).reshape(dy.shape);
    },
  },
});

/**
 * Zeros with the elements of x [.., J] at their indices [.., J]: [.., length]. Pooling by windows that overlap finds an
 * element several times; then each of its copies gets its gradient, as in PyTorch.
 */
export const maxUnpool = defineOp({
  name: "maxUnpool",
  inputs: ["x", "indices"],
  shape: ({ x, indices }, { length, op }: { readonly length: number; readonly op: string }) => {
    assertIndex(op, indices);
    return { shape: x.shape.with(-1, length), dtype: x.dtype };
  },
  forward: ({ x, indices }, { length, op }, { shape, dtype }) => {
    const zeros = NDArray.constant(0, dtype, shape, x.device);
    if (numel(x.shape) === 0) return zeros;
    const dim = shape.length - 1;
    return scatterPut(zeros, x, scatterLast(indices, indices.shape, length, { op, dim, shape }), dim);
  },
  saves: ["indices"],
  backward: { x: (dy, { indices }) => dy.gather(-1, indices) },
});

/** The mean of each window; of int32, rounded towards zero. */
export const avgPool2d = defineOp({
  name: "avgPool2d",
  inputs: ["x"],
  shape: ({ x }, attributes: AvgPool2dAttributes) => {
    return pooled("avgPool2d", x, { ...attributes, dilation: [1, 1] }, x.dtype === "int32");
  },
  forward: ({ x }, attributes, { shape }) => kernels.avgPool2d(x, attributes, plane(shape)),
  backward: { x: (dy, _, attributes, { x }) => dy.avgPool2dGradient(attributes, plane(x.shape)) },
});

/** Spreads dy evenly over the windows it came from. */
export const avgPool2dGradient = defineOp({
  name: "avgPool2dGradient",
  inputs: ["dy"],
  shape: ({ dy }, { size }: AvgPool2dAttributes & { readonly size: Pair }) => {
    return { shape: [...dy.shape.slice(0, -2), ...size], dtype: dy.dtype };
  },
  forward: ({ dy }, attributes) => kernels.avgPool2dGradient(dy, attributes, attributes.size),
  backward: { dy: (ddx, _, attributes) => ddx.avgPool2d(attributes) },
});

function plane(shape: Shape): Pair {
  const [height, width] = shape.slice(-2) as [number, number];
  return [height, width];
}

function pooled(op: string, x: Meta, attributes: MaxPool2dAttributes, takesInts = false): Meta {
  if (!takesInts) assertFloat(op, "x", x);
  const { kernelSize, stride, padding, dilation, ceilMode } = attributes;
  if (x.shape.length < 3) throw new ShapeError(op, [x.shape], "x must be [N, C, H, W] or [C, H, W]");
  const size = plane(x.shape).map((input, d) => {
    const [k, s, p] = [kernelSize[d]!, stride[d]!, padding[d]!];
    if (p * 2 > k) throw new ShapeError(op, [x.shape], `padding ${p} is more than half of the kernel size ${k}`);
    const room = input + 2 * p - dilation[d]! * (k - 1) - 1;
    const steps = ceilMode ? Math.ceil(room / s) : Math.floor(room / s);
    // With ceilMode the last window must start inside the input or the padding before it.
    return steps + 1 - (ceilMode && steps * s >= input + p ? 1 : 0);
  });
  if (size.some((n) => n < 1)) {
    throw new ShapeError(
      op,
      [x.shape],
      `a window of ${formatShape(kernelSize)} does not fit into the input padded by ${formatShape(padding)}`,
    );
  }
  return { shape: [...x.shape.slice(0, -2), ...size], dtype: x.dtype };
}
