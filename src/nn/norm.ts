// Normalization.

import { ShapeError } from "../core/errors.js";
import { ones, zeros } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { Module } from "./module.js";
import { Buffer, Parameter } from "./parameter.js";

export interface BatchNormOptions {
  /** Added to the variance. Default 1e-5. */
  readonly eps?: number;
  /** Share of a batch in the new running statistics; null averages over all batches. Default 0.1. */
  readonly momentum?: number | null;
  /** Whether weight and bias are learned. Default true. */
  readonly affine?: boolean;
  /** Whether running statistics are kept, and used in eval mode. Default true. */
  readonly trackRunningStats?: boolean;
}

const STATE_NAMES: Readonly<Record<string, string>> = {
  runningMean: "running_mean",
  runningVar: "running_var",
  numBatchesTracked: "num_batches_tracked",
};

/**
 * Normalizes each channel of [N, C, H, W]: (x - mean) / sqrt(var + eps) * weight + bias, over the batch and the plane.
 * In training the statistics are the batch's, in eval mode the running ones. weight starts at 1, bias at 0.
 * (Ioffe and Szegedy, "Batch normalization", 2015.)
 */
export class BatchNorm2d extends Module {
  weight: Parameter | null;
  bias: Parameter | null;
  runningMean: Buffer | null;
  runningVar: Buffer | null;
  numBatchesTracked: Buffer | null;
  readonly eps: number;
  readonly momentum: number | null;

  constructor(
    readonly numFeatures: number,
    { eps = 1e-5, momentum = 0.1, affine = true, trackRunningStats = true }: BatchNormOptions = {},
  ) {
    super();
    this.eps = eps;
    this.momentum = momentum;
    this.weight = affine ? new Parameter(ones([numFeatures])) : null;
    this.bias = affine ? new Parameter(zeros([numFeatures])) : null;
    this.runningMean = trackRunningStats ? new Buffer(zeros([numFeatures])) : null;
    this.runningVar = trackRunningStats ? new Buffer(ones([numFeatures])) : null;
    this.numBatchesTracked = trackRunningStats ? new Buffer(zeros([], { dtype: "int32" })) : null;
  }

  protected override stateName(field: string): string {
    return STATE_NAMES[field] ?? field;
  }

  forward(x: Tensor): Tensor {
    if (x.ndim !== 4 || x.shape[1] !== this.numFeatures) {
      throw new ShapeError("BatchNorm2d", [x.shape], `x must be [N, ${this.numFeatures}, H, W]`);
    }
    const { weight, bias, training, eps } = this;
    if (training) this.numBatchesTracked?.add_(1);
    const momentum = this.momentum ?? (training ? this.numBatchesTracked?.reciprocal() : undefined);
    return F.batchNorm(x, this.runningMean, this.runningVar, { weight, bias, training, momentum, eps });
  }

  protected override extraRepr(): string {
    return `${this.numFeatures}, eps=${this.eps}, momentum=${this.momentum}`;
  }
}
