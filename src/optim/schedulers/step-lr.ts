// Learning rates that fall in steps.

import { checkList, checkNumber, checkWhole } from "../../core/check.js";
import { checkOptions } from "../../core/options.js";
import { LRScheduler, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of StepLR and MultiStepLR. */
export interface StepLROptions extends SchedulerOptions {
  /** Factor of each step. Default 0.1. */
  readonly gamma?: number;
}

/** lr = lr gamma every `stepSize` epochs. */
export class StepLR extends LRScheduler<{ stepSize: number; gamma: number }> {
  constructor(optimizer: Scheduled, stepSize: number, given: StepLROptions = {}) {
    const { gamma = 0.1, ...options } = checkOptions("StepLR", given, ["gamma", "lastEpoch"]);
    checkWhole("StepLR", { stepSize }, 1);
    checkNumber("StepLR", { gamma });
    super(optimizer, { stepSize, gamma }, options);
  }

  protected next(lr: number): number {
    const { stepSize, gamma } = this.options;
    return this.lastEpoch === 0 || this.lastEpoch % stepSize !== 0 ? lr : lr * gamma;
  }

  protected override formula(base: number): number {
    const { stepSize, gamma } = this.options;
    return base * gamma ** Math.floor(this.lastEpoch / stepSize);
  }
}

/** lr = lr gamma at each of the epochs `milestones`; one that is listed twice counts twice. */
export class MultiStepLR extends LRScheduler<{ milestones: readonly number[]; gamma: number }> {
  constructor(optimizer: Scheduled, milestones: readonly number[], given: StepLROptions = {}) {
    const { gamma = 0.1, ...options } = checkOptions("MultiStepLR", given, ["gamma", "lastEpoch"]);
    checkList("MultiStepLR", milestones);
    checkWhole("MultiStepLR", { milestones });
    checkNumber("MultiStepLR", { gamma });
    super(optimizer, { milestones: [...milestones], gamma }, options);
  }

  protected next(lr: number): number {
    const { milestones, gamma } = this.options;
    return lr * gamma ** milestones.filter((milestone) => milestone === this.lastEpoch).length;
  }

  protected override formula(base: number): number {
    const { milestones, gamma } = this.options;
    return base * gamma ** milestones.filter((milestone) => milestone <= this.lastEpoch).length;
  }
}
