// Instance normalization: that of each channel of each sample.

import type { Tensor } from "../tensor/tensor.js";
import { type BatchNormOptions, ChannelNorm } from "./batch-norm.js";
import * as F from "./functional.js";

abstract class InstanceNorm extends ChannelNorm {
  constructor(numFeatures: number, options?: BatchNormOptions) {
    super(numFeatures, options, false);
  }

  /** @param places - how many dimensions there are behind the channels */
  protected normalized(x: Tensor, places: number): Tensor {
    const { weight, bias, runningMean, runningVar, eps } = this;
    const useInputStats = this.training || !this.trackRunningStats;
    const options = { weight, bias, runningMean, runningVar, useInputStats, eps, momentum: this.momentum ?? 0 };
    return x.ndim === places + 2
      ? F.instanceNorm(x, options)
      : F.instanceNorm(x.unsqueeze(0), options).squeeze(0).asBase();
  }
}

/** Normalizes each channel of each sample of [N, C, L] or [C, L]. See InstanceNorm2d. */
export class InstanceNorm1d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C, L]", "[C, L]");
    return this.normalized(x, 1);
  }
}

/**
 * Normalizes each channel of each sample of [N, C, H, W] or [C, H, W]: (x - mean) / sqrt(var + eps) * weight + bias over the
 * plane. By default nothing is learned, and no running statistics are kept; with trackRunningStats, eval mode uses those.
 * (Ulyanov, Vedaldi and Lempitsky, "Instance normalization: the missing ingredient for fast stylization", 2016.)
 */
export class InstanceNorm2d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C, H, W]", "[C, H, W]");
    return this.normalized(x, 2);
  }
}

/** Normalizes each channel of each sample of [N, C, D, H, W] or [C, D, H, W]. See InstanceNorm2d. */
export class InstanceNorm3d extends InstanceNorm {
  forward(x: Tensor): Tensor {
    this.check(x, "[N, C, D, H, W]", "[C, D, H, W]");
    return this.normalized(x, 3);
  }
}
