// Normalization of each sample.

import { checkWhole } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { ones, zeros } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured, listed } from "./configured.js";
import * as F from "./functional.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Options of LayerNorm. */
export interface LayerNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether weight and bias are learned, a number for each element. Default true. */
  readonly elementwiseAffine?: boolean;
  /** Whether there is a bias, if a weight is learned. Default true. */
  readonly bias?: boolean;
}

/**
 * Normalizes over the last dimensions, those of `normalizedShape`: (x - mean) / sqrt(var + eps) * weight + bias. weight and
 * bias have that shape and start at 1 and 0. (Ba, Kiros and Hinton, "Layer normalization", 2016.)
 */
export class LayerNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly normalizedShape: readonly number[];
  readonly eps: number;

  constructor(normalizedShape: number | readonly number[], options?: LayerNormOptions) {
    super();
    const names = ["eps", "elementwiseAffine", "bias"] as const;
    const { eps = 1e-5, elementwiseAffine = true, bias = true } = checkOptions("LayerNorm", options, names);
    checkWhole("LayerNorm", { normalizedShape });
    this.normalizedShape = [normalizedShape].flat();
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
    this.bias = elementwiseAffine && bias ? new Parameter(zeros(this.normalizedShape)) : null;
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return F.layerNorm(x, this.normalizedShape, { weight, bias, eps });
  }

  protected override extraRepr(): string {
    return `[${this.normalizedShape.join(", ")}], eps=${this.eps}, elementwiseAffine=${this.weight !== null}`;
  }
}

/** Options of RMSNorm. */
export interface RMSNormOptions {
  /** Added to the mean square. Default: the dtype's distance from 1 to the next number. */
  readonly eps?: number | null;
  /** Whether a weight is learned, a number for each element. Default true. */
  readonly elementwiseAffine?: boolean;
}

/**
 * Divides by the root of the mean square over the last dimensions, those of `normalizedShape`: x / sqrt(mean(x^2) + eps) *
 * weight. weight has that shape and starts at 1. (Zhang and Sennrich, "Root mean square layer normalization", 2019.)
 */
export class RMSNorm extends Module {
  weight: Parameter | null;
  readonly normalizedShape: readonly number[];
  readonly eps: number | null;

  constructor(normalizedShape: number | readonly number[], options?: RMSNormOptions) {
    super();
    const { eps = null, elementwiseAffine = true } = checkOptions("RMSNorm", options, ["eps", "elementwiseAffine"]);
    checkWhole("RMSNorm", { normalizedShape });
    this.normalizedShape = [normalizedShape].flat();
    this.eps = eps;
    this.weight = elementwiseAffine ? new Parameter(ones(this.normalizedShape)) : null;
  }

  forward(x: Tensor): Tensor {
    return F.rmsNorm(x, this.normalizedShape, { weight: this.weight, eps: this.eps });
  }

  protected override extraRepr(): string {
    return `[${this.normalizedShape.join(", ")}], eps=${this.eps}, elementwiseAffine=${this.weight !== null}`;
  }
}

/** Options of GroupNorm. */
export interface GroupNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Whether weight and bias are learned, a number for each channel. Default true. */
  readonly affine?: boolean;
}

/**
 * Normalizes each group of channels of each sample of [N, C, ...]: (x - mean) / sqrt(var + eps) * weight + bias. weight and
 * bias [C] start at 1 and 0. (Wu and He, "Group normalization", 2018.)
 */
export class GroupNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  readonly eps: number;

  constructor(
    readonly numGroups: number,
    readonly numChannels: number,
    options?: GroupNormOptions,
  ) {
    super();
    const { eps = 1e-5, affine = true } = checkOptions("GroupNorm", options, ["eps", "affine"]);
    checkWhole("GroupNorm", { numGroups, numChannels }, 1);
    if (numChannels % numGroups !== 0)
      throw new OutOfRangeError("GroupNorm", `${numChannels} channels do not divide into ${numGroups} groups`);
    this.eps = eps;
    this.weight = affine ? new Parameter(ones([numChannels])) : null;
    this.bias = affine ? new Parameter(zeros([numChannels])) : null;
  }

  forward(x: Tensor): Tensor {
    const { weight, bias, eps } = this;
    return F.groupNorm(x, this.numGroups, { weight, bias, eps });
  }

  protected override extraRepr(): string {
    return `${this.numGroups}, ${this.numChannels}, eps=${this.eps}, affine=${this.weight !== null}`;
  }
}

/** Divides each channel by what lies in its `size` neighbours: [N, C, ...] -> same shape; see F.localResponseNorm. */
export class LocalResponseNorm extends Configured<F.LocalResponseNormOptions> {
  constructor(
    readonly size: number,
    options?: F.LocalResponseNormOptions,
  ) {
    super(options);
    checkWhole("LocalResponseNorm", { size }, 1);
  }

  forward(x: Tensor): Tensor {
    return F.localResponseNorm(x, this.size, this.options);
  }

  protected override extraRepr(): string {
    return [`${this.size}`, listed(this.options)].filter(Boolean).join(", ");
  }
}
