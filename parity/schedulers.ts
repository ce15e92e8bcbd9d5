// schedulers.json: the learning rate of each of PyTorch's steps.

import { optim, zeros } from "tapegrad";
import { schedulerOf } from "./optimizer.js";
import type { Args } from "./values.js";
import { excess, type Row } from "./verdict.js";

export interface SchedulersFile {
  readonly cases: readonly SchedulerCase[];
}

interface SchedulerCase {
  readonly scheduler: string;
  readonly args: Args;
  readonly baseLr: number;
  /** The rate that each step uses. */
  readonly lr?: readonly number[];
  /** The momentum that each step uses, where it is part of the schedule. */
  readonly momentum?: readonly number[];
  /** For schedulers by a metric: what they are told, and the rate after it. */
  readonly metrics?: readonly number[];
  readonly lrAfter?: readonly number[];
}

export function* judgeSchedulers({ cases }: SchedulersFile): Generator<Row> {
  for (const test of cases) yield judge(test);
}

/** Rates are numbers in float64 here and there; the files give twelve digits. */
const allowed = (rate: number): number => 1e-11 + 1e-9 * Math.abs(rate);

function judge(test: SchedulerCase): Row {
  const run = `${test.scheduler} ${JSON.stringify(test.args)}`;
  const failures: string[] = [];
  const got: number[] = [];
  const momenta: number[] = [];
  const wanted = test.lr ?? test.lrAfter ?? [];
  try {
    const params = [zeros([1], { requiresGrad: true })];
    const optimizer = new optim.SGD(params, { lr: test.baseLr, momentum: 0.9 });
    const scheduler = schedulerOf(test.scheduler, test.args, optimizer);
    const rate = (): number => optimizer.paramGroups[0]!.lr;
    for (const metric of test.metrics ?? wanted.keys()) {
      if (test.metrics === undefined) got.push(rate());
      momenta.push(optimizer.paramGroups[0]!.momentum);
      if (test.metrics !== undefined || got.length < wanted.length) scheduler.step(test.metrics && metric);
      if (test.metrics !== undefined) got.push(rate());
    }
  } catch (error) {
    failures.push(String(error));
  }
  const error = Math.max(excess(got, wanted, allowed), test.momentum ? excess(momenta, test.momentum, allowed) : 0);
  const first = wanted.findIndex((rate, i) => !(Math.abs(got[i]! - rate) <= allowed(rate)));
  if (error > 1)
    failures.push(`the rate of step ${first} is ${got[first]}, wanted ${wanted[first]}; or else the momentum`);
  return { run, steps: wanted.length, loss: undefined, weights: error, failures };
}
