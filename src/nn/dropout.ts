// Dropout layers: they drop in training, and in eval mode do nothing.

import { checkProbability } from "../core/check.js";
import { named } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured } from "./configured.js";
import * as F from "./functional.js";

/** The probability, and whether x itself is changed. */
export interface DropoutLayerOptions extends Omit<F.DropoutOptions, "training"> {}

abstract class DropoutLayer extends Configured<DropoutLayerOptions> {
  /** The probability to be dropped. */
  readonly p: number;

  /** @param p - default 0.5; may stand by position or among the options */
  constructor(p?: number | DropoutLayerOptions | null) {
    super(named<DropoutLayerOptions>(p, "p"));
    this.p = this.options.p ?? 0.5;
    checkProbability(this.constructor.name, this.p);
  }

  /** The options of F's function. */
  protected get now(): F.DropoutOptions {
    return { ...this.options, p: this.p, training: this.training };
  }

  protected override extraRepr(): string {
    return `p=${this.p}${this.options.inplace ? ", inplace=true" : ""}`;
  }
}

/**
 * Zeroes elements with probability p and divides the others by 1 - p; see F.dropout.
 * (Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.)
 */
export class Dropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.dropout(x, this.now);
  }
}

/** Zeroes whole channels of [N, C, L] or [C, L]; see F.dropout1d. */
export class Dropout1d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.dropout1d(x, this.now);
  }
}

/** Zeroes whole channels of [N, C, H, W]; see F.dropout2d. */
export class Dropout2d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.dropout2d(x, this.now);
  }
}

/** Zeroes whole channels of [N, C, D, H, W] or [C, D, H, W]; see F.dropout3d. */
export class Dropout3d extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.dropout3d(x, this.now);
  }
}

/** Dropout that keeps the mean and the variance of what SELU gives; see F.alphaDropout. */
export class AlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.alphaDropout(x, this.now);
  }
}

/** AlphaDropout of whole channels; see F.featureAlphaDropout. */
export class FeatureAlphaDropout extends DropoutLayer {
  forward(x: Tensor): Tensor {
    return F.featureAlphaDropout(x, this.now);
  }
}
