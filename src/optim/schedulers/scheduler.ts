// What learning rate schedulers share. They are JavaScript's business alone: an optimizer passes its learning rate to the
// GPU with each launch, so that none of them compiles, launches or reads anything.

import { describe } from "../../core/check.js";
import { inWords, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { refuseInStep } from "../../runtime/recording.js";

/** A parameter group as schedulers see it. */
export interface ScheduledGroup {
  lr: number;
  /** The learning rate that a schedule starts from, as the first scheduler found it. */
  initialLr?: number;
  momentum?: number;
  betas?: readonly [number, number];
}

/** What a scheduler takes: any optimizer. */
export interface Scheduled {
  readonly paramGroups: readonly ScheduledGroup[];
}

/** A scheduler's state: plain values, which JSON can hold. */
export type SchedulerState = Readonly<Record<string, unknown>>;

/** Options that every scheduler has. */
export interface SchedulerOptions {
  /** The last epoch of a run that goes on; its groups must have an `initialLr`. Default -1: from the beginning. */
  readonly lastEpoch?: number;
}

/** What all schedulers do. */
export interface Scheduler {
  /** The learning rate of each group, as the last step set it. */
  getLastLr(): readonly number[];
  /** Where the schedule is. */
  stateDict(): SchedulerState;
  /** Takes over where another scheduler of the same kind is. The optimizer's learning rate is part of its own state. */
  loadStateDict(state: SchedulerState): void;
}

/**
 * A schedule by epoch, or by whatever step() is called after. Each says what becomes of a group's learning rate when an
 * epoch begins, from the rate it has, so that several schedulers can act on one optimizer.
 */
export abstract class LRScheduler<Options extends object = object> implements Scheduler {
  /** The learning rates that the schedule starts from. */
  baseLrs: readonly number[];
  /** Epochs begun, from 0. */
  lastEpoch: number;
  /** Calls of step(), with the first one, which the constructor makes. */
  protected stepCount = 0;
  #lastLr: readonly number[] = [];

  constructor(
    readonly optimizer: Scheduled,
    protected readonly options: Options,
    given: SchedulerOptions = {},
  ) {
    const { lastEpoch = -1 } = checkOptions(this.constructor.name, given, ["lastEpoch"]);
    checkOptimizer(this.constructor.name, optimizer);
    this.baseLrs = optimizer.paramGroups.map((group, i) => {
      if (lastEpoch === -1) return (group.initialLr ??= group.lr);
      if (group.initialLr !== undefined) return group.initialLr;
      const fix = "load the optimizer's state, or leave lastEpoch out";
      throw new TapegradError(
        this.constructor.name,
        `lastEpoch is ${lastEpoch}, and group ${i} has no initialLr (${fix})`,
      );
    });
    this.lastEpoch = lastEpoch;
    this.begin();
  }

  /** The learning rate in epoch `lastEpoch` of a group that had `lr` before and `base` in the beginning. */
  protected abstract next(lr: number, base: number, group: number): number;
  /** The same without what it was before, where there is a formula. */
  protected formula?(base: number): number;

  /** Takes the first step, as the constructor does. @internal */
  begin(): void {
    this.stepCount = 0;
    this.step();
  }

  /**
   * Begins the next epoch; to be called after the optimizer's steps of the last one.
   * @param epoch - the number of the epoch to go to instead
   */
  step(epoch?: number): void {
    refuseInCompiled();
    this.stepCount++;
    this.lastEpoch = epoch ?? this.lastEpoch + 1;
    const isJump = epoch !== undefined && this.formula !== undefined;
    this.set((lr, base, i) => (isJump ? this.formula!(base) : this.next(lr, base, i)));
  }

  /** Sets the groups' learning rates. */
  protected set(rate: (lr: number, base: number, group: number) => number): void {
    const { paramGroups } = this.optimizer;
    const rates = paramGroups.map((group, i) => rate(group.lr, this.baseLrs[i] ?? group.initialLr ?? group.lr, i));
    paramGroups.forEach((group, i) => {
      group.lr = rates[i]!;
    });
    this.#lastLr = rates;
  }

  /** The learning rate of each group, as the last step set it. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Where the schedule is, and its options but for functions. */
  stateDict(): SchedulerState {
    const options = Object.entries(this.options).filter(([, value]) => isPlain(value));
    return {
      ...Object.fromEntries(options),
      baseLrs: this.baseLrs,
      lastEpoch: this.lastEpoch,
      stepCount: this.stepCount,
      lastLr: this.#lastLr,
    };
  }

  /**
   * Takes over where another scheduler of the same kind is. The optimizer's learning rate is part of its own state.
   * @throws TapegradError if the state is of another kind
   */
  loadStateDict(state: SchedulerState): void {
    checkSchedulerState(this, state);
    this.restore(state);
  }

  /** Takes over a state that was found to fit. */
  protected restore(state: SchedulerState): void {
    const { baseLrs, lastEpoch, stepCount, lastLr, ...options } = state as unknown as {
      readonly baseLrs: readonly number[];
      readonly lastEpoch: number;
      readonly stepCount: number;
      readonly lastLr: readonly number[];
    };
    Object.assign(this.options, options);
    this.baseLrs = baseLrs;
    this.lastEpoch = lastEpoch;
    this.stepCount = stepCount;
    this.#lastLr = lastLr;
  }
}

/** Throws in a compiled step: its replays would leave this out. */
export function refuseInCompiled(): void {
  refuseInStep("steps a scheduler, which replays would not", "call scheduler.step() after the compiled step");
}

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  return value === null || ["number", "string", "boolean"].includes(typeof value);
}

/** Throws unless the state has the same names in it as the scheduler's own. */
export function checkSchedulerState(scheduler: Scheduler, state: unknown): void {
  const { name } = scheduler.constructor;
  if (typeof state !== "object" || state === null || Array.isArray(state))
    throw new TapegradError("loadStateDict", `takes ${name}'s stateDict(), got ${describe(state)}`);
  const [wants, has] = [scheduler.stateDict(), state].map(Object.keys) as [string[], string[]];
  const missing = wants.filter((key) => !has.includes(key));
  const unexpected = has.filter((key) => !wants.includes(key));
  if (missing.length + unexpected.length === 0) return;
  const problem = `lacks ${inWords(missing)}, and has ${inWords(unexpected)} more`;
  throw new TapegradError("loadStateDict", `the state is not ${name}'s: ${problem}`);
}

/** Throws unless the value has groups of parameters with learning rates. */
function checkOptimizer(op: string, optimizer: unknown): void {
  if (Array.isArray((optimizer as Scheduled | null | undefined)?.paramGroups)) return;
  throw new TapegradError(op, `takes an optimizer first, got ${describe(optimizer)}`);
}

/** One value per group. */
export function perGroup<T>(name: string, value: T | readonly T[], optimizer: Scheduled): readonly T[] {
  checkOptimizer(name, optimizer);
  const { paramGroups } = optimizer;
  if (!Array.isArray(value)) return paramGroups.map(() => value as T);
  if (value.length === paramGroups.length) return value as readonly T[];
  throw new TapegradError(name, `got ${value.length} values for ${paramGroups.length} parameter groups`);
}
