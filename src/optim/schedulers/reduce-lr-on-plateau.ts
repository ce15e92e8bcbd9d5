// Learning rates that fall when nothing improves any more.

import { checkChoice, checkNumber, describe, isTensor } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import {
  checkSchedulerState,
  perGroup,
  refuseInCompiled,
  type Scheduled,
  type Scheduler,
  type SchedulerState,
} from "./scheduler.js";

/** Options of ReduceLROnPlateau. */
export interface ReduceLROnPlateauOptions {
  /** Whether less is better, or more. Default "min". */
  readonly mode?: "min" | "max";
  /** Factor by which the rate falls, below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without an improvement that are let pass. Default 10. */
  readonly patience?: number;
  /** How much better is an improvement. Default 1e-4. */
  readonly threshold?: number;
  /** Whether the threshold is a share of the best value or a difference to it. Default "rel". */
  readonly thresholdMode?: "rel" | "abs";
  /** Epochs after a fall in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The least rate, also per group. Default 0. */
  readonly minLr?: number | readonly number[];
  /** Falls by less are left out. Default 1e-8. */
  readonly eps?: number;
}

const OPTIONS = ["mode", "factor", "patience", "threshold", "thresholdMode", "cooldown", "minLr", "eps"] as const;

interface Watch {
  readonly mode: "min" | "max";
  readonly factor: number;
  readonly patience: number;
  readonly threshold: number;
  readonly thresholdMode: "rel" | "abs";
  readonly cooldown: number;
  readonly minLrs: readonly number[];
  readonly eps: number;
}

const START = { best: null as number | null, numBadEpochs: 0, cooldownCounter: 0, lastEpoch: 0 };

/**
 * lr = factor lr after more than `patience` epochs in which a metric, such as the validation loss, did not improve.
 *
 *     scheduler.step(await validationLoss.item());
 */
export class ReduceLROnPlateau implements Scheduler {
  #watch: Watch;
  #state = { ...START };
  #lastLr: readonly number[];

  constructor(
    readonly optimizer: Scheduled,
    given: ReduceLROnPlateauOptions = {},
  ) {
    const options = checkOptions("ReduceLROnPlateau", given, OPTIONS);
    const { mode = "min", factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = "rel" } = options;
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = options;
    checkChoice("ReduceLROnPlateau", "mode", mode, ["min", "max"]);
    checkChoice("ReduceLROnPlateau", "thresholdMode", thresholdMode, ["rel", "abs"]);
    checkNumber("ReduceLROnPlateau", { patience, threshold, cooldown, minLr, eps });
    if (!(factor < 1)) throw new OutOfRangeError("ReduceLROnPlateau", `factor must be below 1, got ${factor}`);
    const minLrs = perGroup("ReduceLROnPlateau", minLr, optimizer);
    this.#watch = { mode, factor, patience, threshold, thresholdMode, cooldown, minLrs, eps };
    this.#lastLr = optimizer.paramGroups.map(({ lr }) => lr);
  }

  /**
   * Says what an epoch came to.
   * @throws TapegradError unless the metric is a number; NaN is one, and never an improvement
   */
  step(metric: number): void {
    refuseInCompiled();
    if (typeof metric !== "number") {
      const fix = isTensor(metric) ? " (use await loss.item())" : "";
      throw new TapegradError("ReduceLROnPlateau", `step takes the metric, a number, got ${describe(metric)}${fix}`);
    }
    const { patience, cooldown } = this.#watch;
    const state = this.#state;
    state.lastEpoch++;
    if (this.#isBetter(metric, state.best)) {
      state.best = metric;
      state.numBadEpochs = 0;
    } else state.numBadEpochs++;
    if (state.cooldownCounter > 0) {
      state.cooldownCounter--;
      state.numBadEpochs = 0;
    }
    if (state.numBadEpochs > patience) {
      this.#reduce();
      state.cooldownCounter = cooldown;
      state.numBadEpochs = 0;
    }
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  #isBetter(metric: number, best: number | null): boolean {
    const { mode, threshold, thresholdMode } = this.#watch;
    const sign = mode === "min" ? -1 : 1;
    if (best === null) return sign * metric > Number.NEGATIVE_INFINITY; // NaN is not better than nothing
    const target = thresholdMode === "rel" ? best * (1 + sign * threshold) : best + sign * threshold;
    return sign * metric > sign * target;
  }

  #reduce(): void {
    const { factor, minLrs, eps } = this.#watch;
    this.optimizer.paramGroups.forEach((group, i) => {
      const lr = Math.max(group.lr * factor, minLrs[i] ?? 0);
      if (group.lr - lr > eps) group.lr = lr;
    });
  }

  /** The learning rate of each group, as the last step left it. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Options, the best metric so far, and the counters. */
  stateDict(): SchedulerState {
    return { ...this.#watch, ...this.#state, lastLr: this.#lastLr };
  }

  /** Takes over where another scheduler is. */
  loadStateDict(state: SchedulerState): void {
    checkSchedulerState(this, state);
    const { best, numBadEpochs, cooldownCounter, lastEpoch, lastLr, ...watch } = state as unknown as typeof START &
      Watch & { readonly lastLr: readonly number[] };
    this.#watch = watch;
    this.#state = { best, numBadEpochs, cooldownCounter, lastEpoch };
    this.#lastLr = lastLr;
  }
}
