// The public entry.

export * as autograd from "./autograd-api.js";
export * as data from "./data/index.js";
export { enableGrad, isGradEnabled, noGrad, setGradEnabled } from "./autograd/modes.js";
export { Scope, scope } from "./autograd/scope.js";
export type { DType, TypedArray } from "./core/dtype.js";
export * from "./core/errors.js";
export { Generator } from "./core/philox.js";
export type { Shape } from "./core/shape.js";
export { currentDevice, type Device, init } from "./runtime/device.js";
export type { InitOptions } from "./runtime/acquire.js";
export type { Stats } from "./runtime/stats.js";
export * from "./tensor/create.js";
export { ellipsis, type Index, type Slice, slice } from "./tensor/indexing.js";
export * as nn from "./nn/index.js";
export * as optim from "./optim/index.js";
export * as F from "./nn/functional.js";
export { cat, stack, where } from "./tensor/join.js";
export * from "./tensor/random.js";
export { Tensor, type Operand } from "./tensor/tensor.js";
export { tidy } from "./tensor/tidy.js";
