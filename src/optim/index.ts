// The namespace `optim`. To read the optimizers in order of increasing complexity: sgd, asgd, adagrad, rprop, rmsprop,
// adadelta, lion, adam, adamax, nadam, radam, muon, lbfgs; each is a file here, and but for the last one in wgsl/optimizers.

export * from "./adadelta.js";
export * from "./adagrad.js";
export * from "./adam.js";
export * from "./adamax.js";
export * from "./asgd.js";
export * from "./lbfgs.js";
export * from "./lion.js";
export * from "./muon.js";
export * from "./nadam.js";
export { Optimizer, type OptimizerState } from "./optimizer.js";
export * from "./radam.js";
export * from "./rmsprop.js";
export * from "./rprop.js";
export type { Group, ParamGroup, Params } from "./rule.js";
export * as lrScheduler from "./schedulers/index.js";
export * from "./sgd.js";
export * as swaUtils from "./swa-utils.js";
