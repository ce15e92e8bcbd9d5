// Schedulers of schedulers.

import { TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import {
  checkSchedulerState,
  type LRScheduler,
  refuseInCompiled,
  type Scheduled,
  type Scheduler,
  type SchedulerOptions,
  type SchedulerState,
} from "./scheduler.js";

/**
 * One scheduler after another: number i + 1 takes over, from its beginning, in epoch milestones[i].
 *
 *     const warmup = new LinearLR(optimizer, { totalIters: 5 });
 *     const decay = new CosineAnnealingLR(optimizer, 95);
 *     const scheduler = new SequentialLR(optimizer, [warmup, decay], [5]);
 */
export class SequentialLR implements Scheduler {
  #milestones: readonly number[];
  /** Epochs begun, from 0. */
  lastEpoch: number;
  #lastLr: readonly number[];

  constructor(
    readonly optimizer: Scheduled,
    readonly schedulers: readonly LRScheduler[],
    milestones: readonly number[],
    options: SchedulerOptions = {},
  ) {
    const { lastEpoch = -1 } = checkOptions("SequentialLR", options, ["lastEpoch"]);
    checkSame("SequentialLR", optimizer, schedulers);
    if (milestones.length !== schedulers.length - 1) {
      const wanted = `${schedulers.length} schedulers need ${schedulers.length - 1} milestones`;
      throw new TapegradError("SequentialLR", `${wanted}, got ${milestones.length}`);
    }
    this.#milestones = [...milestones];
    this.lastEpoch = lastEpoch + 1;
    // Each scheduler took its first step when it was made.
    for (const group of optimizer.paramGroups) group.lr = group.initialLr ?? group.lr;
    for (const scheduler of schedulers) scheduler.lastEpoch--;
    schedulers[0]!.begin();
    this.#lastLr = schedulers[0]!.getLastLr();
  }

  /** Begins the next epoch. */
  step(): void {
    refuseInCompiled();
    this.lastEpoch++;
    const index = this.#milestones.filter((milestone) => milestone <= this.lastEpoch).length;
    const scheduler = this.schedulers[index]!;
    if (index > 0 && this.#milestones[index - 1] === this.lastEpoch) scheduler.step(0);
    else scheduler.step();
    this.#lastLr = scheduler.getLastLr();
  }

  /** The learning rate of each group, as the last step set it. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Where this and each of its schedulers is. */
  stateDict(): SchedulerState {
    const schedulers = this.schedulers.map((scheduler) => scheduler.stateDict());
    return { milestones: this.#milestones, lastEpoch: this.lastEpoch, lastLr: this.#lastLr, schedulers };
  }

  /** Takes over where another one is. */
  loadStateDict(state: SchedulerState): void {
    loadAll(this, state);
    this.#milestones = state["milestones"] as readonly number[];
    this.lastEpoch = state["lastEpoch"] as number;
    this.#lastLr = state["lastLr"] as readonly number[];
  }
}

/** Several schedulers at once: each changes the learning rate that the one before it leaves. */
export class ChainedScheduler implements Scheduler {
  readonly optimizer: Scheduled;
  #lastLr: readonly number[];

  constructor(readonly schedulers: readonly LRScheduler[]) {
    if (schedulers.length === 0) throw new TapegradError("ChainedScheduler", "got no schedulers");
    this.optimizer = schedulers[0]!.optimizer;
    checkSame("ChainedScheduler", this.optimizer, schedulers);
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** Begins the next epoch. */
  step(): void {
    for (const scheduler of this.schedulers) scheduler.step();
    this.#lastLr = this.optimizer.paramGroups.map(({ lr }) => lr);
  }

  /** The learning rate of each group, as the last step set it. */
  getLastLr(): readonly number[] {
    return this.#lastLr;
  }

  /** Where each of the schedulers is. */
  stateDict(): SchedulerState {
    return { lastLr: this.#lastLr, schedulers: this.schedulers.map((scheduler) => scheduler.stateDict()) };
  }

  /** Takes over where another one is. */
  loadStateDict(state: SchedulerState): void {
    loadAll(this, state);
    this.#lastLr = state["lastLr"] as readonly number[];
  }
}

function checkSame(op: string, optimizer: Scheduled, schedulers: readonly LRScheduler[]): void {
  if (schedulers.length > 0 && schedulers.every((scheduler) => scheduler.optimizer === optimizer)) return;
  throw new TapegradError(op, "takes schedulers of one optimizer");
}

/** Throws unless the state is of such a scheduler, of such schedulers; gives them theirs. */
function loadAll(of: Scheduler & { readonly schedulers: readonly LRScheduler[] }, state: SchedulerState): void {
  checkSchedulerState(of, state);
  const { schedulers } = of;
  const states = state["schedulers"] as readonly SchedulerState[];
  if (states?.length !== schedulers.length) {
    const problem = `has ${schedulers.length} schedulers; the state is of ${states?.length ?? "none"}`;
    throw new TapegradError(of.constructor.name, problem);
  }
  schedulers.forEach((scheduler, i) => {
    checkSchedulerState(scheduler, states[i]);
  });
  schedulers.forEach((scheduler, i) => {
    scheduler.loadStateDict(states[i]!);
  });
}
