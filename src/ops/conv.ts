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
  assertFloat("conv2d", "x", x);
  return { shape: [x.shape[0]!, weight.shape[0]!, ...conv2dSize(x.shape, weight.shape, attributes)], dtype: x.dtype };
}

/** Throws unless channels and dimensions fit. For F.conv2d, which still has the shapes that the user gave. */
export function checkConv2d(x: Shape, weight: Shape, bias: Shape | undefined, groups: number): void {
  const shapes = [x, weight];
  if ((x.length !== 4 && x.length !== 3) || weight.length !== 4) {
    const forms = "x must be [N, C, H, W] or [C, H, W], the weight [O, C / groups, KH, KW]";
    throw new ShapeError("conv2d", shapes, forms);
  }
  const [O, IC] = weight as [number, number];
  const C = x.at(-3)!;
  if (C !== IC * groups) {
    const groupwise = groups === 1 ? "" : ` (${IC} in each of ${groups} groups)`;
    throw new ShapeError("conv2d", shapes, `x has ${C} channels, the weight takes ${IC * groups}${groupwise}`);
  }
  if (O % groups !== 0)
    throw new ShapeError("conv2d", shapes, `${O} output channels do not divide into ${groups} groups`);
  if (bias !== undefined && (bias.length !== 1 || bias[0] !== O))
    throw new ShapeError("conv2d", [...shapes, bias], `the bias must have ${O} elements`);
}

/** Height and width: floor((size + 2 padding - dilation (kernel - 1) - 1) / stride) + 1. */
export function conv2dSize(
  x: Shape,
  weight: Shape,
  { stride, padding, dilation }: Omit<Conv2dAttributes, "groups">,
): Pair {
  const [size, kernel] = [plane(x), plane(weight)];
  const [OH, OW] = size.map((n, d) => {
    return Math.floor((n + 2 * padding[d]! - dilation[d]! * (kernel[d]! - 1) - 1) / stride[d]!) + 1;
  }) as [number, number];
  if (OH < 1 || OW < 1) {
    throw new ShapeError(
      "conv2d",
      [x, weight],
      `a kernel of ${formatShape(kernel)} with dilation ${formatShape(dilation)} does not fit into the input padded by ${formatShape(padding)}`,
    );
  }
  return [OH, OW];
}
