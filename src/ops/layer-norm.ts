// Normalization of rows by their own statistics: layer and group normalization.

import { isGradEnabled } from "../autograd/modes.js";
import { defineOp } from "../autograd/op.js";
import {
  type LayerNormAttributes,
  layerNorm as launch,
  layerNormGradient as launchGradient,
} from "../kernels/layer-norm.js";
import type { Tensor } from "../tensor/tensor.js";

/**
 * y = h weight + bias with h = (x - mean) rstd, mean and rstd = 1 / sqrt(variance + eps) being those of the rows of float32
 * x [N, groups, channels, places]: a row is [channels, places], and weight and bias are [groups, channels, 1].
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
  saves: { x: ["x", "weight"], weight: ["x"] },
  backward: {
    x: (dy, { x, weight, mean, rstd }, attributes) => {
      if (!isGradEnabled()) return x.layerNormGradient(dy, weight, mean, rstd, attributes);
      const { h, scale } = anew(x, attributes);
      const g = dy.mul(weight);
      const along = h.mul(g.mul(h).mean([2, 3], { keepdim: true }));
      return g
        .sub(g.mean([2, 3], { keepdim: true }))
        .sub(along)
        .mul(scale);
    },
    weight: (dy, { x, mean, rstd }, attributes, { weight }) => {
      const h = isGradEnabled() ? anew(x, attributes).h : x.sub(mean).mul(rstd);
      return dy.mul(h).sumToSize(weight.shape);
    },
    bias: (dy, _, __, { bias }) => dy.sumToSize(bias.shape),
  },
});

/** h and rstd as functions of x, for derivatives that are themselves recorded. */
function anew(x: Tensor, { eps }: LayerNormAttributes): { h: Tensor; scale: Tensor } {
  const centred = x.sub(x.mean([2, 3], { keepdim: true }));
  const scale = centred.square().mean([2, 3], { keepdim: true }).add(eps).rsqrt();
  return { h: centred.mul(scale), scale };
}

/** dL/dx of layerNorm, where it is not recorded: it has no derivative of its own. */
export const layerNormGradient = defineOp({
  name: "layerNormGradient",
  inputs: ["x", "dy", "weight", "mean", "rstd"],
  shape: ({ x }, _attributes: LayerNormAttributes) => x,
  forward: ({ x, dy, weight, mean, rstd }, attributes) => launchGradient(x, dy, weight, mean, rstd, attributes),
});
