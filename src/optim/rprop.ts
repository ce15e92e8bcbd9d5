// Resilient backpropagation.

import { OutOfRangeError } from "../core/errors.js";
import rprop from "../kernels/wgsl/optimizers/rprop.js";
import { Optimizer } from "./optimizer.js";
import { checkNotNegative, type Full, type Params, type Rule } from "./rule.js";

/** Options of Rprop. */
export interface RpropOptions {
  /** Size of each element's first step. Default 0.01. */
  readonly lr?: number;
  /** Factors of the step's size where the gradient's sign changed and where it did not. Default [0.5, 1.2]. */
  readonly etas?: readonly [number, number];
  /** Least and greatest size of a step. Default [1e-6, 50]. */
  readonly stepSizes?: readonly [number, number];
  /** Climbs instead of descending. Default false. */
  readonly maximize?: boolean;
}

const DEFAULTS: Full<RpropOptions> = { lr: 0.01, etas: [0.5, 1.2], stepSizes: [1e-6, 50], maximize: false };

const rule: Rule<Full<RpropOptions>> = {
  name: "Rprop",
  kernel: rprop,
  state: () => ["prev", "stepSize"],
  check({ lr, etas }) {
    checkNotNegative("Rprop", { lr });
    const [shrink, grow] = etas;
    if (!(shrink > 0 && shrink < 1 && grow > 1))
      throw new OutOfRangeError("Rprop", `etas must be between 0 and 1 and above 1, got ${etas}`);
  },
  launch: ({ lr, etas, stepSizes, maximize }, { step }) => [
    lr,
    ...etas,
    ...stepSizes,
    maximize ? -1 : 1,
    Number(step === 1),
  ],
};

/**
 * w = w - sgn(g) d, where d, each element's own, grows while the gradient keeps its sign and shrinks when it changes
 * (Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning", 1993). For whole batches. One launch
 * per parameter group updates all parameters.
 */
export class Rprop extends Optimizer<Full<RpropOptions>> {
  constructor(params: Params<Full<RpropOptions>>, options: RpropOptions = {}) {
    super(rule, params, DEFAULTS, options);
  }
}
