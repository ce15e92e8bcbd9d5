// Stochastic gradient descent.

import { OutOfRangeError } from "../core/errors.js";
import sgdWgsl from "../kernels/wgsl/sgd.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Group, Optimizer, type ParamGroup } from "./optimizer.js";

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

type Full = { -readonly [K in keyof SGDOptions]-?: SGDOptions[K] };

const DEFAULTS = { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false };

/**
 * w = w - lr v with v = momentum v + (1 - dampening) g and g = dL/dw + weightDecay w; plain w = w - lr g without momentum.
 * PyTorch's form, in which the learning rate does not enter the velocity (Sutskever et al., 2013, differ there).
 * One launch per parameter group updates all parameters.
 */
export class SGD extends Optimizer<Full> {
  protected readonly kernel = sgdWgsl;

  constructor(params: Iterable<Tensor> | Iterable<ParamGroup<Full>>, options: SGDOptions) {
    super(params, { ...DEFAULTS, ...options });
  }

  protected stateNames({ momentum }: Full): string[] {
    return momentum === 0 ? [] : ["momentumBuffer"];
  }

  protected validate({ lr, momentum, dampening, weightDecay, nesterov }: Full): void {
    for (const [name, value] of Object.entries({ lr, momentum, weightDecay })) {
      if (!(value >= 0)) throw new OutOfRangeError("SGD", `${name} must be 0 or more, got ${value}`);
    }
    if (nesterov && (momentum <= 0 || dampening !== 0))
      throw new OutOfRangeError("SGD", "nesterov needs momentum above 0 and no dampening");
  }

  protected launchParams(group: Group<Full>, { step }: { readonly step: number }): number[] {
    const { lr, momentum, dampening, weightDecay, nesterov, maximize } = group;
    return [lr, momentum, dampening, weightDecay, maximize ? -1 : 1, Number(nesterov), Number(step === 1)];
  }
}
