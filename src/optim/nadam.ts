// NAdam.

import nadam from "../kernels/wgsl/optimizers/nadam.js";
import { Optimizer } from "./optimizer.js";
import { checkBetas, checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of NAdam. */
export interface NAdamOptions {
  /** Learning rate. Default 2e-3. */
  readonly lr?: number;
  /** Decay of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** How fast the momentum rises from beta1 / 2 to beta1. Default 4e-3. */
  readonly momentumDecay?: number;
  /** Takes the share weightDecay off the parameter per lr, as AdamW does, instead of the penalty. Default false. */
  readonly decoupledWeightDecay?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<NAdamOptions> = {
  lr: 2e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  momentumDecay: 4e-3,
  decoupledWeightDecay: false,
  maximize: false,
};

/** The momentum of step t: mu_t = beta1 (1 - 0.96^(t momentumDecay) / 2). */
function momentumAt({ betas: [beta1], momentumDecay }: Full<NAdamOptions>, step: number): number {
  return beta1 * (1 - 0.5 * 0.96 ** (step * momentumDecay));
}

const rule: Rule<Full<NAdamOptions>> = {
  name: "NAdam",
  kernel: nadam,
  state: () => ["expAvg", "expAvgSq"],
  check({ lr, betas, eps, weightDecay, momentumDecay }) {
    checkNotNegative("NAdam", { lr, eps, weightDecay, momentumDecay });
    checkBetas("NAdam", betas);
  },
  advance(options, { step, muProduct = 1 }) {
    return { step: step + 1, muProduct: muProduct * momentumAt(options, step + 1) };
  },
  launch(options, { step, muProduct = 1 }) {
    const { lr, betas, eps, weightDecay, decoupledWeightDecay, maximize } = options;
    const [beta1, beta2] = betas;
    const [mu, next] = [momentumAt(options, step), momentumAt(options, step + 1)];
    return [
      (lr * (1 - mu)) / (1 - muProduct),
      (lr * next) / (1 - muProduct * mu * next), // mu_t twice, as PyTorch 1.13 has it
      decoupledWeightDecay ? 1 - lr * weightDecay : 1,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      eps,
      decoupledWeightDecay ? 0 : weightDecay,
      Math.sqrt(1 - beta2 ** step),
      maximize ? -1 : 1,
    ];
  },
};

/**
 * w = w - lr ((1 - mu_t) g / (1 - M_t) + mu_(t+1) m / (1 - M_t mu_t mu_(t+1))) / (sqrt(vhat) + eps), M_t being the product
 * of the momenta mu_1 ... mu_t: Adam that looks ahead along its mean gradient (Dozat, "Incorporating Nesterov momentum into
 * Adam", 2016). The numbers are PyTorch 1.13's; the paper and PyTorch from 2.0 on have M_t mu_(t+1) in the last denominator.
 * One launch per parameter group updates all parameters.
 */
export class NAdam extends Optimizer<Full<NAdamOptions>> {
  constructor(params: Params<Full<NAdamOptions>>, options: NAdamOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
