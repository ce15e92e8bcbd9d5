// Adam and AdamW.

import adam from "../kernels/wgsl/optimizers/adam.js";
import { Optimizer } from "./optimizer.js";
import { checkBetas, checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Adam and AdamW. */
export interface AdamOptions {
  /** Learning rate. Default 1e-3. */
  readonly lr?: number;
  /** Decay of the running means of gradient and squared gradient. Default [0.9, 0.999]. */
  readonly betas?: readonly [number, number];
  /** Added to the denominator. Default 1e-8. */
  readonly eps?: number;
  /** Adam: L2 penalty added to the gradient, default 0. AdamW: share of the parameter taken off per lr, default 0.01. */
  readonly weightDecay?: number;
  /** Divides by the largest mean squared gradient so far (Reddi et al., 2018). Default false. */
  readonly amsgrad?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<AdamOptions> = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
};

/** @param isDecoupled - whether weight decay acts on the parameter itself rather than through the gradient */
function adamRule(name: string, isDecoupled: boolean): Rule<Full<AdamOptions>> {
  return {
    name,
    kernel: adam,
    state: ({ amsgrad }) => ["expAvg", "expAvgSq", ...(amsgrad ? ["maxExpAvgSq"] : [])],
    check({ lr, betas, eps, weightDecay }) {
      checkNotNegative(name, { lr, eps, weightDecay });
      checkBetas(name, betas);
    },
    launch: ({ lr, betas: [beta1, beta2], eps, weightDecay, amsgrad, maximize }, { step }) => [
      lr / (1 - beta1 ** step),
      isDecoupled ? 1 - lr * weightDecay : 1,
      beta1,
      1 - beta1,
      beta2,
      1 - beta2,
      eps,
      isDecoupled ? 0 : weightDecay,
      Math.sqrt(1 - beta2 ** step),
      maximize ? -1 : 1,
      Number(amsgrad),
    ],
  };
}

const coupled = /* @__PURE__ */ adamRule("Adam", false);
const decoupled = /* @__PURE__ */ adamRule("AdamW", true);

/**
 * w = w - lr mhat / (sqrt(vhat) + eps), mhat and vhat being the bias-corrected running means of the gradient and of its
 * square (Kingma and Ba, "Adam", 2015). One launch per parameter group updates all parameters.
 */
export class Adam extends Optimizer<Full<AdamOptions>> {
  constructor(params: Params<Full<AdamOptions>>, options: AdamOptions = {}) {
    super(coupled, params, DEFAULTS, options);
  }
}

/** Adam with weight decay apart from the gradient: w = (1 - lr weightDecay) w first (Loshchilov and Hutter, 2019). */
export class AdamW extends Optimizer<Full<AdamOptions>> {
  constructor(params: Params<Full<AdamOptions>>, options: AdamOptions = {}) {
    super(decoupled, params, { ...DEFAULTS, weightDecay: 0.01 }, options);
  }
}
