// F: neural network operations as functions. PyTorch's torch.nn.functional in camelCase.

export * from "./functional/activation.js";
export * from "./functional/adaptive-pool.js";
export * from "./functional/attention.js";
export * from "./functional/avg-pool.js";
export * from "./functional/conv.js";
export * from "./functional/conv-transpose.js";
export * from "./functional/distance.js";
export * from "./functional/dropout.js";
export * from "./functional/embedding.js";
export * from "./functional/fold.js";
export * from "./functional/grid-sample.js";
export * from "./functional/interpolate.js";
export * from "./functional/layer-norm.js";
export * from "./functional/linear.js";
export * from "./functional/loss.js";
export * from "./functional/max-pool.js";
export * from "./functional/max-unpool.js";
export * from "./functional/norm.js";
export * from "./functional/normalize.js";
export * from "./functional/pad.js";
export * from "./functional/pixel-shuffle.js";
export type { Size, Size2d } from "./functional/size.js";
export type { NormOptions } from "./functional/standardize.js";
