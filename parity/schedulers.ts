// schedulers.json: the learning rate of each of PyTorch's steps.

import { optim, zeros } from "tapegrad";
import { schedulerOf } from "./optimizer.js";
import type { Args } from "./values.js";
import { excess, type Row } from "./verdict.js";

export interface SchedulersFile {
  readonly cases: readonly SchedulerCase[];
}

interface Made {
  readonly scheduler: string;
  readonly args: Args;
  readonly baseLr: number;
}

/** A schedule by steps. */
interface ByStep extends Made {
  /** The rate that each step uses. */
  readonly lr: readonly number[];
  /** The momentum that each step uses, where it is part of the schedule. */
  readonly momentum?: readonly number[];
}

/** A schedule by a metric. */
interface ByMetric extends Made {
  readonly metrics: readonly number[];
  /** The rate after each of them. */
  readonly lrAfter: readonly number[];
}

type SchedulerCase = ByStep | ByMetric;

export function* judgeSchedulers({ cases }: SchedulersFile): Generator<Row> {
  for (const test of cases) yield judge(test);
}

/** Rates are numbers in float64 here and there; the files give twelve digits. */
const allowed = (rate: number): number => 1e-11 + 1e-9 * Math.abs(rate);

function judge(test: SchedulerCase): Row {
  const run = `${test.scheduler} ${JSON.stringify(test.args)}`;
  const wanted = "metrics" in test ? test.lrAfter : test.lr;
  const failures: string[] = [];
  const used: Used[] = [];
  try {
    used.push(...("metrics" in test ? byMetric(test) : byStep(test)));
  } catch (error) {
    failures.push(String(error));
  }
  const got = used.map(({ lr }) => lr);
  const momenta = used.map(({ momentum }) => momentum);
  const wantedMomenta = "metrics" in test ? undefined : test.momentum;
  const error = Math.max(excess(got, wanted, allowed), excess(momenta, wantedMomenta ?? momenta, allowed));
  const first = wanted.findIndex((rate, i) => !(Math.abs(got[i]! - rate) <= allowed(rate)));
  if (error > 1)
    failures.push(`the rate of step ${first} is ${got[first]}, wanted ${wanted[first]}; or else the momentum`);
  return { run, steps: wanted.length, loss: undefined, weights: error, failures };
}

interface Used {
  readonly lr: number;
  readonly momentum: number;
}

/** What each step uses: the scheduler steps after it. */
function byStep(test: ByStep): Used[] {
  const { group, scheduler } = open(test);
  return test.lr.map((_, i) => {
    if (i > 0) scheduler.step();
    return { ...group };
  });
}

/** What there is after each metric. */
function byMetric(test: ByMetric): Used[] {
  const { group, scheduler } = open(test);
  return test.metrics.map((metric) => {
    scheduler.step(metric);
    return { ...group };
  });
}

function open({ scheduler, args, baseLr }: Made) {
  const optimizer = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: baseLr, momentum: 0.9 });
  return { group: optimizer.paramGroups[0]!, scheduler: schedulerOf(scheduler, args, optimizer) };
}
