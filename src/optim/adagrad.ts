// Adagrad.

import adagrad from "../kernels/wgsl/optimizers/adagrad.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Adagrad. */
export interface AdagradOptions {
  /** Learning rate. Default 0.01. */
  readonly lr?: number;
  /** The learning rate of step t is lr / (1 + (t - 1) lrDecay). Default 0. */
  readonly lrDecay?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** What the sum of squares starts from. Default 0. */
  readonly initialAccumulatorValue?: number;
  /** Added to the denominator. Default 1e-10. */
  readonly eps?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS = { lr: 0.01, lrDecay: 0, weightDecay: 0, initialAccumulatorValue: 0, eps: 1e-10, maximize: false };

const rule: Rule<Full<AdagradOptions>> = {
  name: "Adagrad",
  kernel: adagrad,
  state: () => ["sum"],
  check: ({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps }) =>
    checkNotNegative("Adagrad", { lr, lrDecay, weightDecay, initialAccumulatorValue, eps }),
  launch: ({ lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize }, { step }) => [
    lr / (1 + (step - 1) * lrDecay),
    weightDecay,
    eps,
    initialAccumulatorValue,
    maximize ? -1 : 1,
    Number(step === 1),
  ],
};

/**
 * w = w - lr g / (sqrt(s) + eps), s being the sum of all squared gradients so far: what has moved much moves less (Duchi,
 * Hazan and Singer, "Adaptive subgradient methods", 2011). One launch per parameter group updates all parameters.
 */
export class Adagrad extends Optimizer<Full<AdagradOptions>> {
  constructor(params: Params<Full<AdagradOptions>>, options: AdagradOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
