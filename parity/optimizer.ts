// Optimizers and schedulers by PyTorch's names and arguments.

import { optim, type Tensor } from "tapegrad";
import { type Args, camelCase, decode } from "./values.js";

/** What every optimizer has. */
export type AnyOptimizer = optim.Optimizer<{ lr: number }>;

type Constructor = new (params: readonly Tensor[], options: Readonly<Record<string, unknown>>) => AnyOptimizer;

/** Arguments in camelCase. */
function optionsOf(args: Args): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).map(([name, value]) => [camelCase(name), decode(value, new Map())]));
}

export function optimizerOf(name: string, args: Args, params: Iterable<Tensor>): AnyOptimizer {
  const found = (optim as unknown as Record<string, Constructor | undefined>)[name];
  if (found === undefined) throw new Error(`tapegrad has no optimizer ${name}`);
  return new found([...params], optionsOf(args));
}

/** Required arguments of schedulers, which tapegrad takes by position. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  StepLR: ["stepSize"],
  MultiStepLR: ["milestones"],
  ExponentialLR: ["gamma"],
  CosineAnnealingLR: ["TMax"],
  CosineAnnealingWarmRestarts: ["T0"],
  OneCycleLR: ["maxLr"],
  CyclicLR: ["baseLr", "maxLr"],
};

/** A scheduler that steps by itself, or by a metric. */
interface AnyScheduler extends optim.lrScheduler.Scheduler {
  step(metric?: number): void;
}

type SchedulerConstructor = new (optimizer: AnyOptimizer, ...args: readonly unknown[]) => AnyScheduler;

export function schedulerOf(name: string, args: Args, optimizer: AnyOptimizer): AnyScheduler {
  const found = (optim.lrScheduler as unknown as Record<string, SchedulerConstructor | undefined>)[name];
  if (found === undefined) throw new Error(`tapegrad has no scheduler ${name}`);
  const required = REQUIRED[name] ?? [];
  const options = optionsOf(args);
  const positional = required.map((own) => options[own]);
  for (const own of required) delete options[own];
  return new found(optimizer, ...positional, options);
}
