// Two-dimensional convolution. Its two gradients are ops of their own, each the other's derivative in part, so that second
// derivatives follow.

import { defineOp, type Meta } from "../autograd/op.js";
import { formatShape, ShapeError } from "../core/errors.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import {
  type Conv2dAttributes,
  conv2dInputGradient,
  conv2dWeightGradient,
  conv2d as convolve,
  type Pair,
} from "../kernels/conv2d.js";
import { functions } from "../kernels/pointwise/common.js";
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
  shape: ({ x, weight, bias }, attributes: Conv2dAttributes) => {
    if (bias.shape.length !== 1 || bias.shape[0] !== weight.shape[0]) {
      throw new ShapeError("conv2d", [weight.shape, bias.shape], `the bias must have ${weight.shape[0]} elements`);
    }
    return convolved(x, weight, attributes);
  },
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

/** dL/dx [N, C, H, W] from dL/dy and the weight. */
export const conv2dInput = defineOp({
  name: "conv2dInputGradient",
  inputs: ["dy", "weight"],
  shape: ({ dy, weight }, { groups, size }: GradientAttributes) => {
    return { shape: [dy.shape[0]!, weight.shape[1]! * groups, ...size], dtype: dy.dtype };
  },
  forward: ({ dy, weight }, attributes) => conv2dInputGradient(dy, weight, attributes, attributes.size),
  saves: { dy: ["weight"], weight: ["dy"] },
  backward: {
    dy: (ddx, { weight }, attributes) => ddx.conv2d(weight, attributes),
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
    dy: (ddw, { x }, attributes) => x.conv2d(ddw, attributes),
  },
});

function plane(shape: Shape): Pair {
  const [height, width] = shape.slice(-2) as [number, number];
  return [height, width];
}

function convolved(x: Meta, weight: Meta, attributes: Conv2dAttributes): Meta {
  const size = outputSize(x, weight, attributes);
  return { shape: [x.shape[0]!, weight.shape[0]!, ...size], dtype: x.dtype };
}

/** floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, and a check of everything that has to fit. */
function outputSize(x: Meta, weight: Meta, { stride, padding, dilation, groups }: Conv2dAttributes): Pair {
  assertFloat("conv2d", "x", x);
  const shapes = [x.shape, weight.shape];
  if (x.shape.length !== 4 || weight.shape.length !== 4) {
    throw new ShapeError("conv2d", shapes, "x must be [N, C, H, W] and the weight [O, C / groups, KH, KW]");
  }
  const [, C, H, W] = x.shape as [number, number, number, number];
  const [O, IC, KH, KW] = weight.shape as [number, number, number, number];
  if (C !== IC * groups) {
    throw new ShapeError(
      "conv2d",
      shapes,
      `x has ${C} channels, the weight takes ${IC * groups} (${IC} in each of ${groups} groups)`,
    );
  }
  if (O % groups !== 0)
    throw new ShapeError("conv2d", shapes, `${O} output channels do not divide into ${groups} groups`);
  const [OH, OW] = (
    [
      [H, KH],
      [W, KW],
    ] as const
  ).map(([size, kernel], d) => {
    return Math.floor((size + 2 * padding[d]! - dilation[d]! * (kernel - 1) - 1) / stride[d]!) + 1;
  }) as [number, number];
  if (OH < 1 || OW < 1) {
    throw new ShapeError(
      "conv2d",
      shapes,
      `a kernel of ${formatShape([KH, KW])} with dilation ${formatShape(dilation)} does not fit into the input padded by ${formatShape(padding)}`,
    );
  }
  return [OH, OW];
}
