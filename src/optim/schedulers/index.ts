// The namespace `optim.lrScheduler`.

export * from "./composed.js";
export * from "./cosine-annealing-lr.js";
export * from "./cyclic-lr.js";
export * from "./exponential-lr.js";
export * from "./lambda-lr.js";
export * from "./one-cycle-lr.js";
export * from "./polynomial-lr.js";
export * from "./reduce-lr-on-plateau.js";
export {
  LRScheduler,
  type Scheduled,
  type Scheduler,
  type SchedulerOptions,
  type SchedulerState,
} from "./scheduler.js";
export * from "./step-lr.js";
export * from "./warmup.js";
