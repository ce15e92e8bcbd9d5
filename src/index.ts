// The public entry.

export { type AutocastOptions, autocast, isAutocastEnabled } from "./autograd/autocast.js";
export {
  enableGrad,
  inferenceMode,
  isGradEnabled,
  isInferenceModeEnabled,
  noGrad,
  setGradEnabled,
} from "./autograd/modes.js";
export { Scope, scope } from "./autograd/scope.js";
export * as autograd from "./autograd-api.js";
export type { DType, TypedArray } from "./core/dtype.js";
export {
  AutogradError,
  DeviceError,
  DisposedError,
  DTypeError,
  FileFormatError,
  LinAlgError,
  OutOfRangeError,
  ShapeError,
  TapegradError,
} from "./core/errors.js";
export { Generator } from "./core/philox.js";
export type { Shape } from "./core/shape.js";
export * as data from "./data/index.js";
export * as fft from "./fft/index.js";
export * from "./functions/index.js";
export { Checkpoint, type Stateful } from "./io/checkpoint.js";
export { load, readMetadata } from "./io/load.js";
export { loadNpy } from "./io/npy.js";
export { type LoadNpzOptions, loadNpz } from "./io/npz.js";
export { type SaveOptions, save } from "./io/save.js";
export type { FileSource } from "./io/source.js";
export { init, tune } from "./kernels/opening.js";
export type { TuneOptions, TuneResult } from "./kernels/variants/tune.js";
export * as linalg from "./linalg/index.js";
export * from "./linalg/top-level.js";
export * as masked from "./masked/index.js";
export * as F from "./nn/functional.js";
export * as nn from "./nn/index.js";
export { summary } from "./nn/summary.js";
export { GradScaler, type GradScalerOptions, type GradScalerState } from "./optim/grad-scaler.js";
export * as optim from "./optim/index.js";
export { type Compiled, compile } from "./replay/compile.js";
export type { InitOptions } from "./runtime/acquire.js";
export { currentDevice } from "./runtime/current.js";
export type { Device } from "./runtime/device.js";
export type { Stats } from "./runtime/stats.js";
export * as special from "./special/index.js";
export {
  arange,
  empty,
  emptyLike,
  eye,
  full,
  fullLike,
  linspace,
  type NumberArray,
  ones,
  onesLike,
  type RangeOptions,
  type TensorData,
  type TensorOptions,
  tensor,
  zeros,
  zerosLike,
} from "./tensor/create.js";
export { ellipsis, type Index, type IndexList, type Slice, slice } from "./tensor/index-values.js";
export { cat, concat, concatenate, stack, where } from "./tensor/join.js";
export {
  bernoulli,
  type MultinomialOptions,
  manualSeed,
  multinomial,
  type RandomOptions,
  rand,
  randint,
  randintLike,
  randLike,
  randn,
  randnLike,
  randperm,
} from "./tensor/random.js";
export type { IndexAddOptions, ScatterOptions } from "./tensor/scattering.js";
export type { SortOptions, TopKOptions } from "./tensor/sorting.js";
export { type Operand, Tensor } from "./tensor/tensor.js";
export { tidy } from "./tensor/tidy.js";
