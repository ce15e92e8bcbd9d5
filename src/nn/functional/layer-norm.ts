// Normalization per sample.

import { checkTensor, checkWhole } from "../../core/check.js";
import { formatShape, ShapeError } from "../../core/errors.js";
import { numel, sameShape } from "../../core/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { affine, checkAffine, type NormOptions, standardized } from "./standardize.js";

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias over the last dimensions, those of `normalizedShape`, which is also the
 * shape of weight and bias. weight and bias may also stand before the options, as in PyTorch.
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: readonly number[] | number,
  weight?: Tensor | null | NormOptions,
  bias?: Tensor | null,
  options: NormOptions = {},
): Tensor {
  checkTensor("layerNorm", x);
  const shape = [normalizedShape].flat();
  const scale = affine("layerNorm", weight, bias, options);
  const lead = x.ndim - shape.length;
  checkEnd("layerNorm", x, shape);
  checkAffine("layerNorm", x, scale, shape);
  return standardized(x, [numel(x.shape.slice(0, lead)), 1, numel(shape), 1], scale);
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias per sample and group of channels: x [N, C, ...], weight and bias [C].
 * weight and bias may also stand before the options, as in PyTorch.
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight?: Tensor | null | NormOptions,
  bias?: Tensor | null,
  options: NormOptions = {},
): Tensor {
  checkTensor("groupNorm", x);
  checkWhole("groupNorm", { numGroups }, 1);
  const scale = affine("groupNorm", weight, bias, options);
  if (x.ndim < 2) throw new ShapeError("groupNorm", [x.shape], "x must be [N, C, ...]");
  const [N, C, ...places] = x.shape as [number, number, ...number[]];
  if (C % numGroups !== 0) {
    throw new ShapeError("groupNorm", [x.shape], `${C} channels do not divide into ${numGroups} groups`);
  }
  checkAffine("groupNorm", x, scale, [C]);
  return standardized(x, [N, numGroups, C / numGroups, numel(places)], scale);
}

export interface RmsNormOptions {
  readonly weight?: Tensor | null;
  /** Added to the mean square. Default: the dtype's distance from 1 to the next number, as in PyTorch. */
  readonly eps?: number | null;
}

/**
 * y = x / sqrt(mean(x^2) + eps) * weight over the last dimensions, those of `normalizedShape`, which is also the shape of
 * weight. weight may also stand before the options. float16 is computed as float32.
 * (Zhang and Sennrich, "Root mean square layer normalization", 2019.)
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: readonly number[] | number,
  weight?: Tensor | null | RmsNormOptions,
  options: RmsNormOptions = {},
): Tensor {
  checkTensor("rmsNorm", x);
  const shape = [normalizedShape].flat();
  const scale = affine<RmsNormOptions>("rmsNorm", weight, null, options);
  checkEnd("rmsNorm", x, shape);
  checkAffine("rmsNorm", x, { weight: scale.weight }, shape);
  const dims = shape.map((_, d) => x.ndim - shape.length + d);
  const wide = x.to("float32");
  const eps = scale.eps ?? (x.dtype === "float16" ? 2 ** -10 : 2 ** -23);
  const y = wide.mul(wide.square().mean(dims, { keepdim: true }).add(eps).rsqrt());
  return (scale.weight ? y.mul(scale.weight.to("float32")) : y).to(x.dtype);
}

/** Throws unless the shape is that of x's last dimensions. */
function checkEnd(op: string, x: Tensor, shape: readonly number[]): void {
  const lead = x.ndim - shape.length;
  if (shape.length > 0 && lead >= 0 && sameShape(x.shape.slice(lead), shape)) return;
  throw new ShapeError(op, [x.shape], `x does not end in the normalized shape ${formatShape(shape)}`);
}
