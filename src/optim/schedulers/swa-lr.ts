// The learning rate of the last part of a run whose weights are averaged.

import { checkChoice, checkNumber, checkWhole } from "../../core/check.js";
import { checkOptions } from "../../core/options.js";
import { type Anneal, anneal } from "./anneal.js";
import { LRScheduler, perGroup, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of SWALR. */
export interface SWALROptions extends SchedulerOptions {
  /** Epochs in which swaLr is reached. Default 10. */
  readonly annealEpochs?: number;
  /** Along a cosine or a straight line. Default "cos". */
  readonly annealStrategy?: Anneal;
}

interface Annealing {
  swaLrs: readonly number[];
  annealEpochs: number;
  annealStrategy: Anneal;
}

/**
 * From the rate that the groups have to the constant `swaLr`, at which weights are averaged (Izmailov et al., "Averaging
 * weights leads to wider optima and better generalization", 2018). Goes with AveragedModel.
 * @param swaLr - for all groups, or one for each
 */
export class SWALR extends LRScheduler<Annealing> {
  constructor(optimizer: Scheduled, swaLr: number | readonly number[], given: SWALROptions = {}) {
    const names = ["annealEpochs", "annealStrategy", "lastEpoch"] as const;
    const { annealEpochs = 10, annealStrategy = "cos", ...options } = checkOptions("SWALR", given, names);
    checkWhole("SWALR", { annealEpochs });
    checkNumber("SWALR", { swaLr });
    checkChoice("SWALR", "annealStrategy", annealStrategy, ["cos", "linear"]);
    super(optimizer, { swaLrs: perGroup("SWALR", swaLr, optimizer), annealEpochs, annealStrategy }, options);
  }

  protected next(lr: number, _: number, group: number): number {
    const { swaLrs, annealEpochs, annealStrategy } = this.options;
    const target = swaLrs[group] ?? lr;
    const shareAt = (step: number): number =>
      anneal(annealStrategy, 0, 1, Math.max(0, Math.min(1, step / Math.max(1, annealEpochs))));
    const step = annealEpochs === 0 ? Math.max(1, this.stepCount - 1) : this.stepCount - 1;
    const [before, now] = [shareAt(step - 1), shareAt(step)];
    const start = before === 1 ? target : (lr - before * target) / (1 - before);
    return target * now + start * (1 - now);
  }
}
