// Learning rates that fall by the same factor every epoch.

import { checkNumber } from "../../core/check.js";
import { LRScheduler, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** lr = lr gamma every epoch: lr = initialLr gamma^epoch. */
export class ExponentialLR extends LRScheduler<{ gamma: number }> {
  constructor(optimizer: Scheduled, gamma: number, options: SchedulerOptions = {}) {
    checkNumber("ExponentialLR", { gamma });
    super(optimizer, { gamma }, options);
  }

  protected next(lr: number): number {
    return this.lastEpoch === 0 ? lr : lr * this.options.gamma;
  }

  protected override formula(base: number): number {
    return base * this.options.gamma ** this.lastEpoch;
  }
}
