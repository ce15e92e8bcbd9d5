// Learning rates from functions.

import { describe } from "../../core/check.js";
import { TapegradError } from "../../core/errors.js";
import { LRScheduler, perGroup, type Scheduled, type SchedulerOptions } from "./scheduler.js";

/** A factor for an epoch, counted from 0. */
export type LrLambda = (epoch: number) => number;

/**
 * lr = initialLr lrLambda(epoch).
 * @param lrLambda - for all groups, or one for each
 */
export class LambdaLR extends LRScheduler<{ lrLambdas: readonly LrLambda[] }> {
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], options: SchedulerOptions = {}) {
    super(optimizer, { lrLambdas: functions("LambdaLR", lrLambda, optimizer) }, options);
  }

  protected next(_: number, base: number, group: number): number {
    const { lrLambdas } = this.options;
    return base * (lrLambdas[group] ?? lrLambdas.at(-1)!)(this.lastEpoch);
  }
}

/**
 * lr = lr lrLambda(epoch), from epoch 1 on.
 * @param lrLambda - for all groups, or one for each
 */
export class MultiplicativeLR extends LRScheduler<{ lrLambdas: readonly LrLambda[] }> {
  constructor(optimizer: Scheduled, lrLambda: LrLambda | readonly LrLambda[], options: SchedulerOptions = {}) {
    super(optimizer, { lrLambdas: functions("MultiplicativeLR", lrLambda, optimizer) }, options);
  }

  protected next(lr: number, _: number, group: number): number {
    const { lrLambdas } = this.options;
    return this.lastEpoch > 0 ? lr * (lrLambdas[group] ?? lrLambdas.at(-1)!)(this.lastEpoch) : lr;
  }
}

/** One function per group. */
function functions(op: string, given: LrLambda | readonly LrLambda[], optimizer: Scheduled): readonly LrLambda[] {
  const all = perGroup(op, given, optimizer);
  const other: unknown = all.find((one) => typeof one !== "function");
  if (other === undefined && all.every((one) => one !== undefined)) return all;
  const fix = "such as (epoch) => 0.9 ** epoch";
  throw new TapegradError(op, `lrLambda must be a function, ${fix}, got ${describe(other)}`);
}
