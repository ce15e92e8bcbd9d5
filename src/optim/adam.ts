// Adam and AdamW.

import { OutOfRangeError } from "../core/errors.js";
import adamWgsl from "../kernels/wgsl/adam.js";
import type { Tensor } from "../tensor/tensor.js";
import { type Group, Optimizer, type ParamGroup } from "./optimizer.js";

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

type Full = { -readonly [K in keyof AdamOptions]-?: AdamOptions[K] };

const DEFAULTS: Full = { lr: 1e-3, betas: [0.9, 0.999], eps: 1e-8, weightDecay: 0, amsgrad: false, maximize: false };

/**
 * w = w - lr mhat / (sqrt(vhat) + eps), mhat and vhat being the bias-corrected running means of the gradient and of its
 * square (Kingma and Ba, "Adam", 2015). One launch per parameter group updates all parameters.
 */
export class Adam extends Optimizer<Full> {
  protected readonly kernel = adamWgsl;
  /** Whether weight decay acts on the parameter itself rather than through the gradient. */
  protected readonly isDecoupled: boolean = false;

  constructor(params: Iterable<Tensor> | Iterable<ParamGroup<Full>>, options: AdamOptions = {}) {
    super(params, { ...DEFAULTS, ...options });
  }

  protected stateNames({ amsgrad }: Full): string[] {
    return amsgrad ? ["expAvg", "expAvgSq", "maxExpAvgSq"] : ["expAvg", "expAvgSq"];
  }

  protected validate({ lr, betas, eps, weightDecay }: Full): void {
    for (const [name, value] of Object.entries({ lr, eps, weightDecay })) {
      if (!(value >= 0)) throw new OutOfRangeError(this.constructor.name, `${name} must be 0 or more, got ${value}`);
    }
    if (!betas.every((beta) => beta >= 0 && beta < 1))
      throw new OutOfRangeError(this.constructor.name, `betas must lie in [0, 1), got ${betas}`);
  }

  protected launchParams(
    group: Group<Full>,
    { step, stride }: { readonly step: number; readonly stride: number },
  ): number[] {
    const { lr, betas, eps, weightDecay, amsgrad, maximize } = group;
    const [beta1, beta2] = betas;
    const stepSize = lr / (1 - beta1 ** step);
    const decay = this.isDecoupled ? 1 - lr * weightDecay : 1;
    const penalty = this.isDecoupled ? 0 : weightDecay;
    const rootCorrection = Math.sqrt(1 - beta2 ** step);
    return [stride, stepSize, decay, beta1, beta2, eps, penalty, rootCorrection, maximize ? -1 : 1, Number(amsgrad)];
  }
}

/** Adam with weight decay apart from the gradient: w = (1 - lr weightDecay) w first (Loshchilov and Hutter, 2019). */
export class AdamW extends Adam {
  protected override readonly isDecoupled = true;

  constructor(params: Iterable<Tensor> | Iterable<ParamGroup<Full>>, options: AdamOptions = {}) {
    super(params, { weightDecay: 0.01, ...options });
  }
}
