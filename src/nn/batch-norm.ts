// Batch normalization, and what instance normalization shares with it.

import { checkTensor, checkWhole } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { ones, zeros } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { countingBatchNorm } from "./functional/norm.js";
import * as F from "./functional.js";
import { Module } from "./module.js";
import { Buffer, Parameter } from "./parameter.js";
import { snakeCase } from "./state.js";

/** Options of batch and instance normalization. */
export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Share of a batch in the new running statistics; null averages over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether weight and bias are learned. Default true; for instance normalization false. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, and used in eval mode. Default true; for instance normalization false. */
  readonly trackRunningStats?: boolean;
}

const OPTIONS = ["eps", "momentum", "affine", "trackRunningStats"] as const;

/** @internal Weight, bias and running statistics of each channel. */
export abstract class ChannelNorm extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;
  numBatchesTracked: Buffer | null;
  readonly eps: number;
  readonly momentum: number | null;
  readonly affine: boolean;
  readonly trackRunningStats: boolean;

  constructor(
    readonly numFeatures: number,
    options: BatchNormOptions | undefined,
    isOn: boolean,
  ) {
    super();
    const op = this.constructor.name;
    const { eps = 1e-5, momentum = 0.1, affine = isOn, trackRunningStats = isOn } = checkOptions(op, options, OPTIONS);
    checkWhole(op, { numFeatures });
    this.eps = eps;
    this.momentum = momentum;
    this.affine = affine;
    this.trackRunningStats = trackRunningStats;
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures])) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures])) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int32" })) : null;
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  /** Throws unless x has one of the forms, such as "[N, C, L]". */
  protected check(x: Tensor, ...forms: readonly string[]): void {
    checkTensor(this.constructor.name, x);
    const fits = forms.some((form) => {
      const names = form.slice(1, -1).split(", ");
      return x.ndim === names.length && x.shape[names.indexOf("C")] === this.numFeatures;
    });
    if (fits) return;
    const wanted = forms.map((form) => form.replace("C", String(this.numFeatures))).join(" or ");
    throw new ShapeError(this.constructor.name, [x.shape], `x must be ${wanted}`);
  }

  protected override extraRepr(): string {
    const { numFeatures, eps, momentum, affine, trackRunningStats } = this;
    return `${numFeatures}, eps=${eps}, momentum=${momentum}, affine=${affine}, trackRunningStats=${trackRunningStats}`;
  }
}

abstract class BatchNorm extends ChannelNorm {
  constructor(numFeatures: number, options?: BatchNormOptions) {
    super(numFeatures, options, true);
  }

  protected normalized(x: Tensor): Tensor {
    const { weight, bias, training, eps, runningMean: mean, runningVar: variance } = this;
    if (!training || this.momentum !== null) {
      const running = { mean, variance, batches: training ? this.numBatchesTracked : null };
      return countingBatchNorm(x, running, { weight, bias, training, momentum: this.momentum, eps });
    }
    const momentum = this.numBatchesTracked?.add_(1).reciprocal();
    return F.batchNorm(x, mean, variance, { weight, bias, training, momentum, eps });
  }
}

/** Normalizes each feature of [N, C], or channel of [N, C, L]. See BatchNorm2d. */
export class BatchNorm1d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C]", "[N, C, L]");
    return this.normalized(x);
  }
}

/**
 * Normalizes each channel of [N, C, H, W]: (x - mean) / sqrt(var + eps) * weight + bias, over the batch and the plane.
 * In training the statistics are the batch's, in eval mode the running ones. weight starts at 1, bias at 0.
 * (Ioffe and Szegedy, "Batch normalization", 2015.)
 */
export class BatchNorm2d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C, H, W]");
    return this.normalized(x);
  }
}

/** Normalizes each channel of [N, C, D, H, W]. See BatchNorm2d. */
export class BatchNorm3d extends BatchNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C, D, H, W]");
    return this.normalized(x);
  }
}
