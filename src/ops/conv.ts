// Two-dimensional convolution. Its two gradients are ops of their own, each the other's derivative in part, so that second
// derivatives follow.

import { defineOp, type Meta } from "../autograd/op.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import { type Conv2dAttributes, conv2dInputGradient, conv2d as convolve, type Pair } from "../kernels/conv2d.js";
import { conv2dWeightGradient } from "../kernels/conv2d-weight-gradient.js";
import { functions } from "../kernels/pointwise/common.js";
import type { Tensor } from "../tensor/tensor.js";
import { convSizes } from "./conv-sizes.js";
import { assertFloat } from "./pointwise.js";

/** x [N, C, H, W], weight [O, C / groups, KH, KW] -> [N, O, OH, OW] */
export const conv2d = defineOp({
  name: "conv2d",
  inputs: ["x", "weight"],
  promotion: "common",
  shape: ({ x, weight }, attributes: Conv2dAttributes) => convolved(x, weight, attributes),
  forward: ({ x, weight }, attributes, { shape }) => convolve(x, weight, attributes, plane(shape)),
  saves: { x: ["weight"], weight: ["x"] },
  backward: {
    x: (dy, { weight }, attributes, { x }) => dy.conv2dInputGradient(weight, attributes, plane(x.shape)),
    weight: (dy, { x }, attributes, { weight }) => x.conv2dWeightGradient(dy, attributes, plane(weight.shape)),
  },
});

/** The same plus bias [O], one per output channel. */
export const conv2dWithBias = defineOp({
  name: "conv2d",
  inputs: ["x", "weight", "bias"],
  promotion: "common",
  shape: ({ x, weight }, attributes: Conv2dAttributes) => convolved(x, weight, attributes),
  forward: ({ x, weight, bias }, attributes, { shape, dtype }) => {
    const y = convolve(x, weight, attributes, plane(shape));
    return NDArray.pointwise(functions.add, dtype, shape, [y, bias.reshape([shape[1]!, 1, 1])]);
  },
  saves: { x: ["weight"], weight: ["x"] },
  backward: {
    x: (dy, { weight }, attributes, { x }) => dy.conv2dInputGradient(weight, attributes, plane(x.shape)),
    weight: (dy, { x }, attributes, { weight }) => x.conv2dWeightGradient(dy, attributes, plane(weight.shape)),
    bias: (dy) => dy.sum([0, 2, 3]),
  },
});

interface GradientAttributes extends Conv2dAttributes {
  /** Height and width of what is computed. */
  readonly size: Pair;
}

/** dL/dx [N, C, H, W] from dL/dy and the weight: as an operation of its own, the transposed convolution of dy. */
export const conv2dInput = defineOp({
  name: "conv2dInputGradient",
  inputs: ["dy", "weight"],
  promotion: "common",
  shape: ({ dy, weight }, { groups, size }: GradientAttributes) => {
    assertConvolvable("convTranspose", dy);
    return { shape: [dy.shape[0]!, weight.shape[1]! * groups, ...size], dtype: dy.dtype };
  },
  forward: ({ dy, weight }, attributes) => conv2dInputGradient(dy, weight, attributes, attributes.size),
  saves: { dy: ["weight"], weight: ["dy"] },
  backward: {
    dy: (ddx, { weight }, attributes, { dy }) => cut(ddx.conv2d(weight, attributes), plane(dy.shape)),
    weight: (ddx, { dy }, attributes, { weight }) => ddx.conv2dWeightGradient(dy, attributes, plane(weight.shape)),
  },
});

/** dL/dweight [O, C / groups, KH, KW] from x and dL/dy. */
export const conv2dWeight = defineOp({
  name: "conv2dWeightGradient",
  inputs: ["x", "dy"],
  shape: ({ x, dy }, { groups, size }: GradientAttributes) => {
    return { shape: [dy.shape[1]!, x.shape[1]! / groups, ...size], dtype: dy.dtype };
  },
  forward: ({ x, dy }, attributes) => conv2dWeightGradient(x, dy, attributes, attributes.size),
  saves: { x: ["dy"], dy: ["x"] },
  backward: {
    x: (ddw, { dy }, attributes, { x }) => dy.conv2dInputGradient(ddw, attributes, plane(x.shape)),
    dy: (ddw, { x }, attributes, { dy }) => cut(x.conv2d(ddw, attributes), plane(dy.shape)),
  },
});

function plane(shape: Shape): Pair {
  const [height, width] = shape.slice(-2) as [number, number];
  return [height, width];
}

function convolved(x: Meta, weight: Meta, attributes: Conv2dAttributes): Meta {
  assertConvolvable("conv2d", x);
  return {
    shape: [x.shape[0]!, weight.shape[0]!, ...convSizes("conv2d", x.shape, weight.shape, attributes)],
    dtype: x.dtype,
  };
}

/** Floating point, or int32, which the kernels sum up exactly. */
function assertConvolvable(op: string, x: Meta): void {
  if (x.dtype !== "int32") assertFloat(op, "x", x);
}

/** Without rows and columns past `size`: an output padding larger than the stride brings windows that dy does not have. */
function cut(y: Tensor, [height, width]: Pair): Tensor {
  const [H, W] = plane(y.shape);
  return H === height && W === width ? y : y.narrow(2, 0, height).narrow(3, 0, width);
}
