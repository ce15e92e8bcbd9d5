// The namespace `nn`.

export * from "./activation.js";
export * from "./adaptive-log-softmax.js";
export * from "./adaptive-pool.js";
export * from "./avg-pool.js";
export { BatchNorm1d, BatchNorm2d, BatchNorm3d, type BatchNormOptions } from "./batch-norm.js";
export { type Layer, ModuleList, Sequential } from "./container.js";
export type { RecurseOptions } from "./contents.js";
export { Conv1d, Conv2d, Conv3d, type ConvLayerOptions } from "./conv.js";
export * from "./conv-transpose.js";
export { ModuleDict, type Named, ParameterDict } from "./dictionary.js";
export * from "./distance.js";
export * from "./dropout.js";
export * from "./embedding.js";
export * from "./flatten.js";
export * from "./fold.js";
export type { StrideOr } from "./functional/window.js";
export * as functional from "./functional.js";
export type { ForwardHook, ForwardPreHook, FullBackwardHook, Gradients } from "./hooks.js";
export * as init from "./init.js";
export * from "./instance-norm.js";
export * from "./layer-norm.js";
export * from "./linear.js";
export * from "./loss.js";
export * from "./lp-pool.js";
export {
  MaxPool1d,
  MaxPool2d,
  MaxPool3d,
  MaxUnpool1d,
  MaxUnpool2d,
  MaxUnpool3d,
} from "./max-pool.js";
export * from "./module.js";
export * from "./multihead-attention.js";
export * from "./padding.js";
export * from "./parameter.js";
export { ParameterList } from "./parameter-list.js";
export * from "./piecewise.js";
export * from "./pixel-shuffle.js";
export * from "./recurrent.js";
export * from "./recurrent-cell.js";
export type { LoadedKeys, StateDict } from "./state.js";
export * from "./summary.js";
export * from "./transformer.js";
export * from "./upsample.js";
export * as utils from "./utils/index.js";
