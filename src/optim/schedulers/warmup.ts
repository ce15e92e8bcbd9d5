// Learning rates that differ in the first epochs.

import { checkWhole, describe } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { LRScheduler, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of ConstantLR. */
export interface ConstantLROptions extends SchedulerOptions {
  /** Factor until then, above 0, up to 1. Default 1/3. */
  readonly factor?: number;
  /** Epochs with the factor. Default 5. */
  readonly totalIters?: number;
}

/** lr = factor initialLr in the first `totalIters` epochs, and initialLr from then on. */
export class ConstantLR extends LRScheduler<{ factor: number; totalIters: number }> {
  constructor(optimizer: Scheduled, given: ConstantLROptions = {}) {
    const names = ["factor", "totalIters", "lastEpoch"] as const;
    const { factor = 1 / 3, totalIters = 5, ...options } = checkOptions("ConstantLR", given, names);
    checkFactor("ConstantLR", { factor }, true);
    checkWhole("ConstantLR", { totalIters });
    super(optimizer, { factor, totalIters }, options);
  }

  protected next(lr: number): number {
    const { factor, totalIters } = this.options;
    if (this.lastEpoch === 0) return lr * factor;
    return this.lastEpoch === totalIters ? lr * (1 / factor) : lr;
  }

  protected override formula(base: number): number {
    const { factor, totalIters } = this.options;
    return this.lastEpoch >= totalIters ? base : base * factor;
  }
}

/** Options of LinearLR. */
export interface LinearLROptions extends SchedulerOptions {
  /** Factor of the first epoch, above 0, up to 1. Default 1/3. */
  readonly startFactor?: number;
  /** Factor of the last epoch of the ramp, from 0 to 1. Default 1. */
  readonly endFactor?: number;
  /** Epochs of the ramp. Default 5. */
  readonly totalIters?: number;
}

interface Ramp {
  startFactor: number;
  endFactor: number;
  totalIters: number;
}

/** lr = initialLr times a factor that goes in a straight line from startFactor to endFactor in `totalIters` epochs. */
export class LinearLR extends LRScheduler<Ramp> {
  constructor(optimizer: Scheduled, given: LinearLROptions = {}) {
    const names = ["startFactor", "endFactor", "totalIters", "lastEpoch"] as const;
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5, ...options } = checkOptions("LinearLR", given, names);
    checkFactor("LinearLR", { startFactor }, true);
    checkFactor("LinearLR", { endFactor });
    checkWhole("LinearLR", { totalIters });
    super(optimizer, { startFactor, endFactor, totalIters }, options);
  }

  protected next(lr: number): number {
    const { startFactor, endFactor, totalIters } = this.options;
    if (this.lastEpoch === 0) return lr * startFactor;
    if (this.lastEpoch > totalIters) return lr;
    const rise = endFactor - startFactor;
    return lr * (1 + rise / (totalIters * startFactor + (this.lastEpoch - 1) * rise));
  }

  protected override formula(base: number): number {
    const { startFactor, endFactor, totalIters } = this.options;
    return base * (startFactor + ((endFactor - startFactor) * Math.min(totalIters, this.lastEpoch)) / totalIters);
  }
}

/** @param isDivisor - whether it is divided by later, to come back from it, so that 0 gives NaN */
function checkFactor(op: string, factors: Readonly<Record<string, number>>, isDivisor = false): void {
  for (const [name, factor] of Object.entries(factors)) {
    if (typeof factor === "number" && factor <= 1 && (isDivisor ? factor > 0 : factor >= 0)) continue;
    throw new OutOfRangeError(op, `${name} must lie in ${isDivisor ? "(" : "["}0, 1], got ${describe(factor)}`);
  }
}
