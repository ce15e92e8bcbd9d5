// Averaged stochastic gradient descent.

import asgd from "../kernels/wgsl/optimizers/asgd.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of ASGD. */
export interface ASGDOptions {
  /** Learning rate. Default 0.01. */
  readonly lr?: number;
  /** Decay of the parameters, and of the learning rate. Default 1e-4. */
  readonly lambd?: number;
  /** Power with which the learning rate falls. Default 0.75. */
  readonly alpha?: number;
  /** The step after which the average begins. Default 1e6. */
  readonly t0?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS = { lr: 0.01, lambd: 1e-4, alpha: 0.75, t0: 1e6, weightDecay: 0, maximize: false };

const rule: Rule<Full<ASGDOptions>> = {
  name: "ASGD",
  kernel: asgd,
  state: () => ["ax"],
  check: ({ lr, weightDecay }) => checkNotNegative("ASGD", { lr, weightDecay }),
  advance({ lr, lambd, alpha, t0 }, { step: before }) {
    const step = before + 1;
    return { step, eta: lr / (1 + lambd * lr * step) ** alpha, mu: 1 / Math.max(1, step - t0) };
  },
  launch: ({ lr, lambd, weightDecay, maximize }, _, { eta = lr, mu = 1 }) => [
    eta,
    mu,
    1 - lambd * eta,
    weightDecay,
    maximize ? -1 : 1,
  ],
};

/**
 * w = (1 - lambd eta) w - eta g with a falling eta; the state `ax` is the mean of w over the steps after t0 (Polyak and
 * Juditsky, "Acceleration of stochastic approximation by averaging", 1992). One launch per parameter group updates all
 * parameters.
 */
export class ASGD extends Optimizer<Full<ASGDOptions>> {
  constructor(params: Params<Full<ASGDOptions>>, options: ASGDOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
