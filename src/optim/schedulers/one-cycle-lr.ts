// One cycle: up to a large learning rate, and down to a very small one.

import { checkChoice, checkNumber, checkWhole } from "../../core/check.js";
import { OutOfRangeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { type Anneal, anneal, momentumOf, setMomentum } from "./anneal.js";
import { LRScheduler, perGroup, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of OneCycleLR. */
export interface OneCycleLROptions extends SchedulerOptions {
  /** Steps of the cycle; or else epochs and stepsPerEpoch. */
  readonly totalSteps?: number;
  readonly epochs?: number;
  readonly stepsPerEpoch?: number;
  /** Share of the steps that go up. Default 0.3. */
  readonly pctStart?: number;
  /** Along a cosine or a straight line. Default "cos". */
  readonly annealStrategy?: Anneal;
  /** Whether momentum (or the first of betas) goes the other way. Default true. */
  readonly cycleMomentum?: boolean;
  /** Momentum at the top of the cycle, also per group. Default 0.85. */
  readonly baseMomentum?: number | readonly number[];
  /** Momentum at its beginning and end, also per group. Default 0.95. */
  readonly maxMomentum?: number | readonly number[];
  /** The first rate is maxLr / divFactor. Default 25. */
  readonly divFactor?: number;
  /** The last rate is the first / finalDivFactor. Default 1e4. */
  readonly finalDivFactor?: number;
  /** Goes back to the first rate before it goes down further, as the paper does. Default false. */
  readonly threePhase?: boolean;
}

const OPTIONS = [
  ...["totalSteps", "epochs", "stepsPerEpoch", "pctStart", "annealStrategy", "cycleMomentum"],
  ...["baseMomentum", "maxMomentum", "divFactor", "finalDivFactor", "threePhase", "lastEpoch"],
] as const;

interface Cycle {
  maxLrs: readonly number[];
  totalSteps: number;
  pctStart: number;
  annealStrategy: Anneal;
  cycleMomentum: boolean;
  baseMomentums: readonly number[];
  maxMomentums: readonly number[];
  finalDivFactor: number;
  threePhase: boolean;
}

/** From one learning rate to another, and from one momentum to another. */
interface Phase {
  /** The step that ends it; may have a fraction. */
  readonly end: number;
  readonly lr: readonly [number, number];
  readonly momentum: readonly [number, number];
}

/**
 * The one-cycle policy: from maxLr / divFactor up to maxLr, and down to far below the first rate, while momentum goes the
 * other way (Smith and Topin, "Super-convergence", 2018). step() is to be called after every batch.
 * @param maxLr - the highest rate, for all groups or one for each
 */
export class OneCycleLR extends LRScheduler<Cycle> {
  constructor(optimizer: Scheduled, maxLr: number | readonly number[], given: OneCycleLROptions = {}) {
    const options = checkOptions("OneCycleLR", given, OPTIONS);
    const { epochs, stepsPerEpoch, pctStart = 0.3, divFactor = 25, finalDivFactor = 1e4, lastEpoch = -1 } = options;
    const { annealStrategy = "cos", cycleMomentum = true, threePhase = false } = options;
    const totalSteps = options.totalSteps ?? (epochs ?? Number.NaN) * (stepsPerEpoch ?? Number.NaN);
    if (Number.isNaN(totalSteps))
      throw new TapegradError("OneCycleLR", "needs totalSteps, or epochs and stepsPerEpoch");
    checkWhole("OneCycleLR", { totalSteps }, 1);
    checkNumber("OneCycleLR", { maxLr, divFactor, finalDivFactor });
    checkChoice("OneCycleLR", "annealStrategy", annealStrategy, ["cos", "linear"]);
    if (!(pctStart >= 0 && pctStart <= 1))
      throw new OutOfRangeError("OneCycleLR", `pctStart must lie in [0, 1], got ${pctStart}`);
    const maxLrs = perGroup("OneCycleLR", maxLr, optimizer);
    const baseMomentums = perGroup("OneCycleLR", options.baseMomentum ?? 0.85, optimizer);
    const maxMomentums = perGroup("OneCycleLR", options.maxMomentum ?? 0.95, optimizer);
    if (cycleMomentum && optimizer.paramGroups.some((group) => momentumOf(group) === undefined))
      throw new TapegradError("OneCycleLR", "the optimizer has no momentum (use cycleMomentum: false)");
    if (lastEpoch === -1) {
      optimizer.paramGroups.forEach((group, i) => {
        group.initialLr = maxLrs[i]! / divFactor;
      });
    }
    const cycle = { maxLrs, totalSteps, pctStart, annealStrategy, cycleMomentum, finalDivFactor, threePhase };
    super(optimizer, { ...cycle, baseMomentums, maxMomentums }, { lastEpoch });
  }

  protected next(_: number, base: number, group: number): number {
    const { totalSteps, annealStrategy, cycleMomentum } = this.options;
    if (this.lastEpoch > totalSteps) {
      const advice = `the cycle has ${totalSteps} steps`;
      throw new OutOfRangeError("OneCycleLR", `step ${this.lastEpoch + 1} is past the end: ${advice}`);
    }
    const phases = phasesOf(this.options, base, group);
    const found = phases.findIndex(({ end }, i) => this.lastEpoch <= end || i === phases.length - 1);
    const { end, lr, momentum } = phases[found]!;
    const start = phases[found - 1]?.end ?? 0;
    const share = (this.lastEpoch - start) / (end - start);
    if (cycleMomentum) setMomentum(this.optimizer.paramGroups[group]!, anneal(annealStrategy, ...momentum, share));
    return anneal(annealStrategy, ...lr, share);
  }
}

function phasesOf(cycle: Cycle, first: number, group: number): Phase[] {
  const { totalSteps, pctStart, finalDivFactor, threePhase } = cycle;
  const [top, least] = [cycle.maxLrs[group]!, first / finalDivFactor];
  const [low, high] = [cycle.baseMomentums[group]!, cycle.maxMomentums[group]!];
  const up: Phase = { end: pctStart * totalSteps - 1, lr: [first, top], momentum: [high, low] };
  if (!threePhase) return [up, { end: totalSteps - 1, lr: [top, least], momentum: [low, high] }];
  return [
    up,
    { end: 2 * pctStart * totalSteps - 2, lr: [top, first], momentum: [low, high] },
    { end: totalSteps - 1, lr: [first, least], momentum: [high, high] },
  ];
}
