// Stochastic gradient descent.

import { OutOfRangeError } from "../core/errors.js";
import sgd from "../kernels/wgsl/optimizers/sgd.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of SGD. */
export interface SGDOptions {
  /** Learning rate. */
  readonly lr: number;
  /** Share of the last step's velocity. Default 0. */
  readonly momentum?: number;
  /** Share of the gradient that does not enter the velocity. Default 0. */
  readonly dampening?: number;
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number;
  /** Looks ahead along the velocity (Nesterov). Default false. */
  readonly nesterov?: boolean;
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

const rule: Rule<Full<SGDOptions>> = {
  name: "SGD",
  kernel: sgd,
  state: ({ momentum }) => (momentum === 0 ? [] : ["momentumBuffer"]),
  check({ lr, momentum, dampening, weightDecay, nesterov }) {
    checkNotNegative("SGD", { lr, momentum, weightDecay });
    if (nesterov && (momentum <= 0 || dampening !== 0))
      throw new OutOfRangeError("SGD", "nesterov needs momentum above 0 and no dampening");
  },
  launch: ({ lr, momentum, dampening, weightDecay, nesterov, maximize }, _, __, ___, isNew) => [
    lr,
    momentum,
    dampening,
    weightDecay,
    maximize ? -1 : 1,
    Number(nesterov),
    Number(isNew), // of the buffer: momentum may be switched on late
  ],
};

/**
 * w = w - lr v with v = momentum v + (1 - dampening) g and g = dL/dw + weightDecay w; plain w = w - lr g without momentum.
 * PyTorch's form, in which the learning rate does not enter the velocity (Sutskever et al., 2013, differ there).
 * One launch per parameter group updates all parameters.
 */
export class SGD extends Optimizer<Full<SGDOptions>> {
  constructor(params: Params<Full<SGDOptions>>, options: SGDOptions) {
    super(rule, params, DEFAULTS, options);
  }
}
