// Adamax.

import adamax from "../kernels/wgsl/optimizers/adamax.js";
import { Optimizer } from "./optimizer.js";
import { checkBetas, checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Adamax. */
export interface AdamaxOptions {
  /** Learning rate. Default 2e-3. */
  readonly lr?: number;
  /** Decay of the gradient's running mean and of its running maximum. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the gradient's absolute value. Default 1e-8. */
  readonly eps?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<AdamaxOptions> = { lr: 2e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, maximize: false };

const rule: Rule<Full<AdamaxOptions>> = {
  name: "Adamax",
  kernel: adamax,
  state: () => ["expAvg", "expInf"],
  check({ lr, betas, eps, weightDecay }) {
    checkNotNegative("Adamax", { lr, eps, weightDecay });
    checkBetas("Adamax", betas);
  },
  launch: ({ lr, betas: [beta1, beta2], eps, weightDecay, maximize }, { step }) => [
    lr / (1 - beta1 ** step),
    beta1,
    1 - beta1,
    beta2,
    eps,
    weightDecay,
    maximize ? -1 : 1,
  ],
};

/**
 * w = w - lr mhat / u, u = max(beta2 u, |g| + eps) being a decaying maximum: Adam in the infinity norm (Kingma and Ba,
 * "Adam", 2015, section 7.1). One launch per parameter group updates all parameters.
 */
export class Adamax extends Optimizer<Full<AdamaxOptions>> {
  constructor(params: Params<Full<AdamaxOptions>>, options: AdamaxOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
