// Lion.

import lion from "../kernels/wgsl/optimizers/lion.js";
import { Optimizer } from "./optimizer.js";
import { checkBetas, checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Lion. */
export interface LionOptions {
  /** Learning rate; the paper advises 3 to 10 times less than for AdamW. Default 1e-4. */
  readonly lr?: number;
  /** Share of the mean in the step's direction, and decay of the mean. Default [0.9, 0.99]. */
  readonly betas?: readonly [number, number];
  /** Share of the parameter taken off per lr. Default 0. */
  readonly weightDecay?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<LionOptions> = { lr: 1e-4, betas: [0.9, 0.99], weightDecay: 0, maximize: false };

const rule: Rule<Full<LionOptions>> = {
  name: "Lion",
  kernel: lion,
  state: () => ["expAvg"],
  check({ lr, betas, weightDecay }) {
    checkNotNegative("Lion", { lr, weightDecay });
    checkBetas("Lion", betas);
  },
  launch: ({ lr, betas: [beta1, beta2], weightDecay, maximize }) => [
    lr,
    1 - lr * weightDecay,
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    maximize ? -1 : 1,
  ],
};

/**
 * w = w - lr (sgn(beta1 m + (1 - beta1) g) + weightDecay w), m = beta2 m + (1 - beta2) g: every element moves by lr, and one
 * number per element is remembered (Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2). One
 * launch per parameter group updates all parameters.
 */
export class Lion extends Optimizer<Full<LionOptions>> {
  constructor(params: Params<Full<LionOptions>>, options: LionOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
