// The namespace `nn`.

export * from "./container.js";
export * from "./conv.js";
export * from "./embedding.js";
export * as functional from "./functional.js";
export type { ForwardHook, ForwardPreHook, FullBackwardHook, Gradients } from "./hooks.js";
export * as init from "./init.js";
export * from "./layers.js";
export * from "./linear.js";
export * from "./loss.js";
export * from "./module.js";
export * from "./norm.js";
export * from "./parameter.js";
export type { StateDict } from "./state.js";
export * as utils from "./utils/index.js";
