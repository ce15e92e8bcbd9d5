// Learning rates that fall to 0 along a power.

import { checkNumber, checkWhole } from "../../core/check.js";
import { checkOptions } from "../../core/options.js";
import { LRScheduler, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of PolynomialLR. */
export interface PolynomialLROptions extends SchedulerOptions {
  /** The epoch in which 0 is reached. Default 5. */
  readonly totalIters?: number;
  /** Default 1: a straight line. */
  readonly power?: number;
}

/** lr = initialLr (1 - epoch / totalIters)^power, and 0 from then on. */
export class PolynomialLR extends LRScheduler<{ totalIters: number; power: number }> {
  constructor(optimizer: Scheduled, given: PolynomialLROptions = {}) {
    const names = ["totalIters", "power", "lastEpoch"] as const;
    const { totalIters = 5, power = 1, ...options } = checkOptions("PolynomialLR", given, names);
    checkWhole("PolynomialLR", { totalIters }, 1);
    checkNumber("PolynomialLR", { power });
    super(optimizer, { totalIters, power }, options);
  }

  protected next(lr: number): number {
    const { totalIters, power } = this.options;
    const epoch = this.lastEpoch;
    if (epoch === 0 || epoch > totalIters) return lr;
    return lr * ((1 - epoch / totalIters) / (1 - (epoch - 1) / totalIters)) ** power;
  }

  protected override formula(base: number): number {
    const { totalIters, power } = this.options;
    return base * (1 - Math.min(totalIters, this.lastEpoch) / totalIters) ** power;
  }
}
