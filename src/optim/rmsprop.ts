// RMSprop.

import rmsprop from "../kernels/wgsl/optimizers/rmsprop.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of RMSprop. */
export interface RMSpropOptions {
  /** Learning rate. Default 0.01. */
  readonly lr?: number;
  /** Decay of the running mean of the squared gradient. Default 0.99. */
  readonly alpha?: number;
  /** Added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Share of the last step's velocity. Default 0. */
  readonly momentum?: number;
  /** Divides by the gradient's standard deviation rather than its root mean square. Default false. */
  readonly centered?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS = {
  lr: 0.01,
  alpha: 0.99,
  eps: 1e-8,
  weightDecay: 0,
  momentum: 0,
  centered: false,
  maximize: false,
};

const rule: Rule<Full<RMSpropOptions>> = {
  name: "RMSprop",
  kernel: rmsprop,
  state: ({ centered, momentum }) => [
    "squareAvg",
    ...(centered ? ["gradAvg"] : []),
    ...(momentum > 0 ? ["momentumBuffer"] : []),
  ],
  check: ({ lr, alpha, eps, weightDecay, momentum }) =>
    checkNotNegative("RMSprop", { lr, alpha, eps, weightDecay, momentum }),
  launch: ({ lr, alpha, eps, weightDecay, momentum, centered, maximize }) => [
    lr,
    alpha,
    1 - alpha,
    eps,
    weightDecay,
    momentum,
    maximize ? -1 : 1,
    Number(centered),
  ],
};

/**
 * w = w - lr g / (sqrt(s) + eps), s being the running mean of the squared gradient (Hinton, "Neural networks for machine
 * learning", lecture 6e, 2012); `centered` takes the square of the gradient's own mean off s (Graves, "Generating
 * sequences", 2013). One launch per parameter group updates all parameters.
 */
export class RMSprop extends Optimizer<Full<RMSpropOptions>> {
  constructor(params: Params<Full<RMSpropOptions>>, options: RMSpropOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
