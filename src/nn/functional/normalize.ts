// Normalization by lengths: of vectors, and of what lies beside an element.

import { checkTensor, checkWhole } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { checkNames, isOptions } from "../../core/options.js";
import { broadcastShapes } from "../../core/shape.js";
import type { Tensor } from "../../tensor/tensor.js";
import { padWith } from "./pad.js";

export interface NormalizeOptions {
  /** Which norm. Default 2. */
  readonly p?: number | null;
  /** Default 1. */
  readonly dim?: number | null;
  /** The least that is divided by. Default 1e-12. */
  readonly eps?: number | null;
}

/** y = x / max(|x|_p, eps), the norm taken along one dimension. p and dim may also stand by position, as in PyTorch. */
export function normalize(x: Tensor, p?: number | null | NormalizeOptions, dim?: number | null): Tensor {
  checkTensor("normalize", x);
  const options = isOptions<NormalizeOptions>(p) ? p : { p, dim };
  checkNames("normalize", options, ["p", "dim", "eps"]);
  return scaled(x, options);
}

function scaled(x: Tensor, { p, dim, eps }: NormalizeOptions): Tensor {
  return x.div(x.norm(p ?? 2, { dim: dim ?? 1, keepdim: true }).clamp(eps ?? 1e-12));
}

export interface CosineSimilarityOptions {
  /** Default 1. */
  readonly dim?: number | null;
  /** The least that is divided by. Default 1e-8. */
  readonly eps?: number | null;
}

/**
 * The cosine of the angle between vectors along one dimension: x1 . x2 / (max(|x1|, eps) max(|x2|, eps)). They broadcast.
 * dim may also stand by position, as in PyTorch.
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, options?: number | null | CosineSimilarityOptions): Tensor {
  const { dim, eps } = isOptions<CosineSimilarityOptions>(options) ? options : { dim: options, eps: undefined };
  for (const operand of [x1, x2]) checkTensor("cosineSimilarity", operand);
  const shape = broadcastShapes("cosineSimilarity", x1.shape, x2.shape);
  const direction = (x: Tensor): Tensor => scaled(x.expand(shape), { dim: dim ?? 1, eps: eps ?? 1e-8 });
  return direction(x1)
    .mul(direction(x2))
    .sum(dim ?? 1);
}

export interface LocalResponseNormOptions {
  /** Default 1e-4. */
  readonly alpha?: number | null;
  /** Default 0.75. */
  readonly beta?: number | null;
  /** Default 1. */
  readonly k?: number | null;
}

/**
 * y = x / (k + alpha / size sum of x^2 over `size` neighbouring channels)^beta: x [N, C, ...]. (Krizhevsky, Sutskever and
 * Hinton, "ImageNet classification with deep convolutional neural networks", 2012.)
 */
export function localResponseNorm(x: Tensor, size: number, { alpha, beta, k }: LocalResponseNormOptions = {}): Tensor {
  checkTensor("localResponseNorm", x);
  checkWhole("localResponseNorm", { size }, 1);
  if (x.ndim < 3) throw new ShapeError("localResponseNorm", [x.shape], "x must be [N, C, ...] with something behind");
  if (x.numel() === 0) return x.clone();
  const [N, C] = x.shape as [number, number];
  const squares = x.square().reshape([N, C, -1]);
  const padded = padWith(squares, [0, Math.floor(size / 2), 0], [0, Math.floor((size - 1) / 2), 0]);
  const means = padded.avgPool2d({
    kernelSize: [size, 1],
    stride: [1, 1],
    padding: [0, 0],
    dilation: [1, 1],
    ceilMode: false,
    countIncludePad: true,
    divisor: 0,
  });
  const scale = means
    .reshape(x.shape)
    .mul(alpha ?? 1e-4)
    .add(k ?? 1)
    .pow(beta ?? 0.75);
  return x.div(scale);
}
