// Adadelta.

import { OutOfRangeError } from "../core/errors.js";
import adadelta from "../kernels/wgsl/optimizers/adadelta.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Adadelta. */
export interface AdadeltaOptions {
  /** Scales the step, whose size the method finds by itself. Default 1. */
  readonly lr?: number;
  /** Decay of the running means of squared gradients and squared steps. Default 0.9. */
  readonly rho?: number;
  /** Added under both roots. Default 1e-6. */
  readonly eps?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS = { lr: 1, rho: 0.9, eps: 1e-6, weightDecay: 0, maximize: false };

const rule: Rule<Full<AdadeltaOptions>> = {
  name: "Adadelta",
  kernel: adadelta,
  state: () => ["squareAvg", "accDelta"],
  check({ lr, rho, eps, weightDecay }) {
    checkNotNegative("Adadelta", { lr, eps, weightDecay });
    if (!(rho >= 0 && rho <= 1)) throw new OutOfRangeError("Adadelta", `rho must lie in [0, 1], got ${rho}`);
  },
  launch: ({ lr, rho, eps, weightDecay, maximize }) => [lr, rho, 1 - rho, eps, weightDecay, maximize ? -1 : 1],
};

/**
 * w = w - lr d with d = sqrt(a + eps) / sqrt(s + eps) g, s and a being the running means of g^2 and of d^2: steps have the
 * parameter's unit (Zeiler, "ADADELTA", 2012). One launch per parameter group updates all parameters.
 */
export class Adadelta extends Optimizer<Full<AdadeltaOptions>> {
  constructor(params: Params<Full<AdadeltaOptions>>, options: AdadeltaOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
