// RAdam.

import radam from "../kernels/wgsl/optimizers/radam.js";
import { Optimizer } from "./optimizer.js";
import { checkBetas, checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of RAdam. */
export interface RAdamOptions {
  /** Learning rate. Default 1e-3. */
  readonly lr?: number;
  /** Decay of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Takes the share weightDecay off the parameter per lr, as AdamW does, instead of the penalty. Default false. */
  readonly decoupledWeightDecay?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<RAdamOptions> = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  decoupledWeightDecay: false,
  maximize: false,
};

/** The rectification r_t of the step's size; undefined while the variance cannot be estimated (rho_t <= 5). */
function rectification(beta2: number, step: number): number | undefined {
  const most = 2 / (1 - beta2) - 1;
  const rho = most - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (rho <= 5) return undefined;
  return Math.sqrt(((rho - 4) * (rho - 2) * most) / ((most - 4) * (most - 2) * rho));
}

const rule: Rule<Full<RAdamOptions>> = {
  name: "RAdam",
  kernel: radam,
  state: () => ["expAvg", "expAvgSq"],
  check({ lr, betas, eps, weightDecay }) {
    checkNotNegative("RAdam", { lr, eps, weightDecay });
    checkBetas("RAdam", betas);
  },
  launch({ lr, betas: [beta1, beta2], eps, weightDecay, decoupledWeightDecay, maximize }, { step }) {
    const r = rectification(beta2, step);
    return [
      (lr / (1 - beta1 ** step)) * (r === undefined ? 1 : r * Math.sqrt(1 - beta2 ** step)),
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      eps,
      decoupledWeightDecay ? 0 : weightDecay,
      maximize ? -1 : 1,
      Number(r !== undefined),
    ];
  },
};

/**
 * w = w - lr r_t mhat / (sqrt(vhat) + eps), and w = w - lr mhat in the first steps, where vhat has too few gradients behind
 * it; r_t rectifies its variance (Liu et al., "On the variance of the adaptive learning rate and beyond", 2020). One launch
 * per parameter group updates all parameters.
 */
export class RAdam extends Optimizer<Full<RAdamOptions>> {
  constructor(params: Params<Full<RAdamOptions>>, options: RAdamOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
