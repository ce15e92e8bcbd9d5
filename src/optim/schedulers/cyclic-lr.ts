// Learning rates that go up and down.

import { checkChoice, checkNumber } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { LRScheduler, perGroup, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** Options of CyclicLR. */
export interface CyclicLROptions extends SchedulerOptions {
  /** Steps up. Default 2000. */
  readonly stepSizeUp?: number;
  /** Steps down. Default stepSizeUp. */
  readonly stepSizeDown?: number;
  /** Whether the cycles keep their height, halve it each time, or lose the factor gamma each step. Default "triangular". */
  readonly mode?: "triangular" | "triangular2" | "exp_range";
  /** Default 1. */
  readonly gamma?: number;
  /** The factor of the height instead of a mode: of the cycle's number, from 1, or of the step's. */
  readonly scaleFn?: (n: number) => number;
  /** What `scaleFn` is given. Default "cycle". */
  readonly scaleMode?: "cycle" | "iterations";
  /** Whether momentum goes the other way. Default true. */
  readonly cycleMomentum?: boolean;
  /** Momentum at the top of a cycle, also per group. Default 0.8. */
  readonly baseMomentum?: number | readonly number[];
  /** Momentum at the bottom, also per group. Default 0.9. */
  readonly maxMomentum?: number | readonly number[];
}

const OPTIONS = [
  ...["stepSizeUp", "stepSizeDown", "mode", "gamma", "scaleFn", "scaleMode"],
  ...["cycleMomentum", "baseMomentum", "maxMomentum", "lastEpoch"],
] as const;

interface Cycles {
  lowLrs: readonly number[];
  maxLrs: readonly number[];
  stepSizeUp: number;
  stepSizeDown: number;
  mode: "triangular" | "triangular2" | "exp_range";
  gamma: number;
  scaleFn: ((n: number) => number) | null;
  scaleMode: "cycle" | "iterations";
  cycleMomentum: boolean;
  baseMomentums: readonly number[];
  maxMomentums: readonly number[];
}

/**
 * From baseLr up to maxLr in `stepSizeUp` steps and back down, again and again (Smith, "Cyclical learning rates for training
 * neural networks", 2017). step() is to be called after every batch. Momentum cycles with SGD and RMSprop only.
 * @param baseLr - the lowest rate, for all groups or one for each
 * @param maxLr - the highest rate, likewise
 */
export class CyclicLR extends LRScheduler<Cycles> {
  constructor(
    optimizer: Scheduled,
    baseLr: number | readonly number[],
    maxLr: number | readonly number[],
    given: CyclicLROptions = {},
  ) {
    const options = checkOptions("CyclicLR", given, OPTIONS);
    const { stepSizeUp = 2000, mode = "triangular", gamma = 1, cycleMomentum = true, lastEpoch = -1 } = options;
    const { stepSizeDown = stepSizeUp, scaleFn = null, scaleMode = "cycle" } = options;
    checkNumber("CyclicLR", { baseLr, maxLr, stepSizeUp, stepSizeDown, gamma });
    checkChoice("CyclicLR", "mode", mode, ["triangular", "triangular2", "exp_range"]);
    checkChoice("CyclicLR", "scaleMode", scaleMode, ["cycle", "iterations"]);
    const lowLrs = perGroup("CyclicLR", baseLr, optimizer);
    const maxLrs = perGroup("CyclicLR", maxLr, optimizer);
    const baseMomentums = perGroup("CyclicLR", options.baseMomentum ?? 0.8, optimizer);
    const maxMomentums = perGroup("CyclicLR", options.maxMomentum ?? 0.9, optimizer);
    if (cycleMomentum && optimizer.paramGroups.some(({ momentum }) => momentum === undefined))
      throw new TapegradError("CyclicLR", "the optimizer has no momentum (use cycleMomentum: false)");
    if (lastEpoch === -1) {
      optimizer.paramGroups.forEach((group, i) => {
        group.lr = lowLrs[i]!;
      });
    }
    const cycles = { lowLrs, maxLrs, stepSizeUp, stepSizeDown, mode, gamma, scaleFn, scaleMode, cycleMomentum };
    super(optimizer, { ...cycles, baseMomentums, maxMomentums }, { lastEpoch });
  }

  protected next(lr: number, _: number, group: number): number {
    const { lowLrs, maxLrs, stepSizeUp, stepSizeDown, cycleMomentum, baseMomentums, maxMomentums } = this.options;
    const low = lowLrs[group] ?? lr;
    const length = stepSizeUp + stepSizeDown;
    const cycle = Math.floor(1 + this.lastEpoch / length);
    const x = 1 + this.lastEpoch / length - cycle;
    const rise = stepSizeUp / length;
    const height = (x <= rise ? x / rise : (x - 1) / (rise - 1)) * scaleOf(this.options, cycle, this.lastEpoch);
    const own = this.optimizer.paramGroups[group]!;
    const [least, most] = [baseMomentums[group], maxMomentums[group]];
    if (cycleMomentum && least !== undefined && most !== undefined) own.momentum = most - (most - least) * height;
    return low + ((maxLrs[group] ?? low) - low) * height;
  }
}

/** The factor of a cycle's height. */
function scaleOf({ mode, gamma, scaleFn, scaleMode }: Cycles, cycle: number, step: number): number {
  if (scaleFn !== null) return scaleFn(scaleMode === "cycle" ? cycle : step);
  if (mode === "exp_range") return gamma ** step;
  return mode === "triangular2" ? 1 / 2 ** (cycle - 1) : 1;
}
