// The namespace `optim`.

export * from "./adam.js";
export { type Group, Optimizer, type OptimizerState, type ParamGroup } from "./optimizer.js";
export * from "./sgd.js";
