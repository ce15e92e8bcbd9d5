// Learning rates along a cosine.

import { checkNumber, checkWhole } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { LRScheduler, refuseInCompiled, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of CosineAnnealingLR. */
export interface CosineAnnealingLROptions extends SchedulerOptions {
  /** The least learning rate. Default 0. */
  readonly etaMin?: number;
}

/**
 * lr = etaMin + (initialLr - etaMin) (1 + cos(pi epoch / TMax)) / 2, up again after `TMax` epochs (Loshchilov and Hutter,
 * "SGDR", 2017, without its restarts).
 */
export class CosineAnnealingLR extends LRScheduler<{ TMax: number; etaMin: number }> {
  constructor(optimizer: Scheduled, TMax: number, given: CosineAnnealingLROptions = {}) {
    const { etaMin = 0, ...options } = checkOptions("CosineAnnealingLR", given, ["etaMin", "lastEpoch"]);
    checkWhole("CosineAnnealingLR", { TMax }, 1);
    checkNumber("CosineAnnealingLR", { etaMin });
    super(optimizer, { TMax, etaMin }, options);
  }

  protected next(lr: number, base: number): number {
    const { TMax, etaMin } = this.options;
    const epoch = this.lastEpoch;
    if (epoch === 0) return lr;
    if (this.stepCount === 1) return this.formula(base); // a run goes on
    if ((epoch - 1 - TMax) % (2 * TMax) === 0) return lr + ((base - etaMin) * (1 - Math.cos(Math.PI / TMax))) / 2;
    const cosine = (e: number): number => 1 + Math.cos((Math.PI * e) / TMax);
    return (cosine(epoch) / cosine(epoch - 1)) * (lr - etaMin) + etaMin;
  }

  protected override formula(base: number): number {
    const { TMax, etaMin } = this.options;
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * this.lastEpoch) / TMax))) / 2;
  }
}

/** Options of CosineAnnealingWarmRestarts. */
export interface CosineAnnealingWarmRestartsOptions extends CosineAnnealingLROptions {
  /** How many times as long each period is as the one before, a whole number. Default 1. */
  readonly TMult?: number;
}

/**
 * Down a cosine from initialLr to etaMin in `T0` epochs, then from the top again, in TMult times as many (Loshchilov and
 * Hutter, "SGDR: Stochastic gradient descent with warm restarts", 2017, equation 5).
 */
export class CosineAnnealingWarmRestarts extends LRScheduler<{ T0: number; TMult: number; etaMin: number }> {
  // Set by step(), which the constructor of the base class calls already.
  /** Epochs since the last restart. */
  declare private TCur: number;
  /** Epochs from the last restart to the next. */
  declare private Ti: number;

  constructor(optimizer: Scheduled, T0: number, given: CosineAnnealingWarmRestartsOptions = {}) {
    const names = ["TMult", "etaMin", "lastEpoch"] as const;
    const { TMult = 1, etaMin = 0, ...options } = checkOptions("CosineAnnealingWarmRestarts", given, names);
    checkWhole("CosineAnnealingWarmRestarts", { T0, TMult }, 1);
    checkNumber("CosineAnnealingWarmRestarts", { etaMin });
    super(optimizer, { T0, TMult, etaMin }, options);
  }

  protected next(_: number, base: number): number {
    const { etaMin } = this.options;
    return etaMin + ((base - etaMin) * (1 + Math.cos((Math.PI * this.TCur) / this.Ti))) / 2;
  }

  /**
   * Begins the next epoch.
   * @param epoch - where to go instead; may have a fraction, for a step after each batch: epoch + batch / batches
   */
  override step(epoch?: number): void {
    refuseInCompiled();
    const { T0, TMult } = this.options;
    this.stepCount++;
    this.TCur ??= this.lastEpoch; // where a run goes on
    this.Ti ??= T0;
    if (epoch === undefined && this.lastEpoch >= 0) {
      this.lastEpoch++;
      this.TCur++;
      if (this.TCur >= this.Ti) {
        this.TCur -= this.Ti;
        this.Ti *= TMult;
      }
    } else {
      const to = epoch ?? 0;
      if (!(to >= 0)) throw new OutOfRangeError("CosineAnnealingWarmRestarts", `epoch must be 0 or more, got ${to}`);
      this.lastEpoch = Math.floor(to);
      let start = 0;
      this.Ti = T0;
      if (TMult === 1) start = to - (to % T0);
      else {
        while (to >= start + this.Ti) {
          start += this.Ti;
          this.Ti *= TMult;
        }
      }
      this.TCur = to - start;
    }
    this.set((lr, base) => this.next(lr, base));
  }

  override stateDict(): Readonly<Record<string, unknown>> {
    return { ...super.stateDict(), TCur: this.TCur, Ti: this.Ti };
  }

  protected override restore({ TCur, Ti, ...state }: Readonly<Record<string, unknown>>): void {
    super.restore(state);
    this.TCur = TCur as number;
    this.Ti = Ti as number;
  }
}
