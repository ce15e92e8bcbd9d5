// Normalization of rows by their own statistics: layer and group normalization.

import { isGradEnabled } from "../autograd/modes.js";
import { defineMultiOp } from "../autograd/multi-op.js";
import { defineOp } from "../autograd/op.js";
import type { Shape } from "../core/shape.js";
import { NDArray } from "../kernels/array.js";
import {
  type LayerNormAttributes,
  layerNorm as launch,
  layerNormGradient as launchGradient,
} from "../kernels/layer-norm.js";
import type { Tensor } from "../tensor/tensor.js";
import { normSums } from "./normalization.js";

/**
 * y = h weight + bias with h = (x - mean) rstd, mean and rstd = 1 / sqrt(variance + eps) being those of the rows of float32
 * x [N, groups, channels, places]: a row is [channels, places], and weight and bias have groups channels elements,
 * whatever their shape, or are numbers.
 *
 * With g = dy weight, and means over rows:   dx = rstd (g - mean(g) - h mean(g h))
 * (Ba, Kiros and Hinton, "Layer normalization", 2016; the variance is the biased one).
 */
export const layerNorm = defineOp({
  name: "layerNorm",
  inputs: ["x", "weight", "bias"],
  extras: ["mean", "rstd"],
  shape: ({ x }, _attributes: LayerNormAttributes) => x,
  forward: ({ x, weight, bias }, attributes) => launch(x, weight, bias, attributes),
  saves: ["x", "weight"],
  backward: (dy, { x, weight, mean, rstd }, attributes, { weight: { shape }, bias }, needs) => {
    if (isGradEnabled()) return recorded(dy, x, weight, attributes, bias.shape);
    const which = { ...attributes, ofX: needs.x, ofAffine: needs.weight || needs.bias };
    const [dx, dweight, dbias] = x.layerNormGradient(dy, weight, mean, rstd, which) as [Tensor, Tensor, Tensor];
    return {
      x: dx,
      weight: needs.weight ? dweight.reshape(shape) : undefined,
      bias: needs.bias ? dbias.reshape(bias.shape) : undefined,
    };
  },
});

function recorded(dy: Tensor, x: Tensor, weight: Tensor, attributes: LayerNormAttributes, biasShape: Shape) {
  const { h, scale } = anew(x, attributes);
  const [, groups, channels] = x.shape as [number, number, number, number];
  const { hasWeight, hasBias } = attributes;
  const g = dy.mul(hasWeight ? weight.reshape([groups, channels, 1]) : weight);
  const along = h.mul(g.mul(h).mean([2, 3], { keepdim: true }));
  return {
    x: g
      .sub(g.mean([2, 3], { keepdim: true }))
      .sub(along)
      .mul(scale),
    weight: hasWeight ? dy.mul(h).sum([0, 3]).reshape(weight.shape) : undefined,
    bias: hasBias ? dy.sum([0, 3]).reshape(biasShape) : undefined,
  };
}

/** h and rstd as functions of x, for derivatives that are themselves recorded. */
function anew(x: Tensor, { eps }: LayerNormAttributes): { h: Tensor; scale: Tensor } {
  const centred = x.sub(x.mean([2, 3], { keepdim: true }));
  const scale = centred.square().mean([2, 3], { keepdim: true }).add(eps).rsqrt();
  return { h: centred.mul(scale), scale };
}

export interface GradientAttributes extends LayerNormAttributes {
  readonly ofX: boolean;
  /** Of weight and bias. */
  readonly ofAffine: boolean;
}

/** The derivatives of layerNorm, where they are not recorded: it has no derivative of its own. Zeros if they are not wanted. */
export const layerNormGradient = defineMultiOp({
  name: "layerNormGradient",
  inputs: ["x", "dy", "weight", "mean", "rstd"],
  outputs: ["dx", "dweight", "dbias"],
  shape: ({ x }, _attributes: GradientAttributes) => {
    const perChannel = { shape: x.shape.slice(1, 3), dtype: x.dtype };
    return { dx: x, dweight: perChannel, dbias: perChannel };
  },
  forward: ({ x, dy, weight, mean, rstd }, { ofX, ofAffine, ...attributes }) => {
    const perChannel = x.shape.slice(1, 3);
    const none = (shape: Shape): NDArray => NDArray.constant(0, x.dtype, shape, x.device);
    const [dbias, dweight] = ofAffine
      ? normSums(dy, x, mean, rstd, [0, 3], perChannel)
      : [none(perChannel), none(perChannel)];
    return { dx: ofX ? launchGradient(x, dy, weight, mean, rstd, attributes) : none(x.shape), dweight, dbias };
  },
});
