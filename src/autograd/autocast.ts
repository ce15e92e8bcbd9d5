// Mixed precision: in which dtype operations compute where that is left to the engine.

import { checkDType } from "../core/check.js";
import type { DType } from "../core/dtype.js";
import { Mode } from "./mode.js";
import { guarded } from "./modes.js";

const mode = /* @__PURE__ */ new Mode();

/** Whether operations choose their dtype, because an autocast region is open. */
export function isAutocastEnabled(): boolean {
  return mode.isOn;
}

/** Options of autocast. */
export interface AutocastOptions {
  /** Whether the region is one: false computes as it is written, also inside of another. Default true. */
  readonly enabled?: boolean;
}

/**
 * Computes matrix products, convolutions and attention in float16, which takes half the memory, and what would lose too
 * much there in float32: exponentials, logarithms, powers, sums, softmax, normalization, losses. What is between (relu,
 * adding, pooling, views) takes its operands as they are. Parameters stay float32; so do their gradients. Sums inside of
 * products are in float32 everywhere. (Micikevicius et al., "Mixed precision training", 2018; the choice is PyTorch's, but for
 * recurrent steps, which stay float32.)
 *
 *     using _ = autocast();
 *     const loss = autocast(() => F.crossEntropy(net.forward(x), labels)); // backward() belongs outside
 *
 * Either for the rest of a block, or for a function. Small gradients become 0 in float16: GradScaler keeps them.
 *
 * @throws DTypeError on adapters without float16 (WebGPU's feature "shader-f16"); `enabled: false` leaves all in float32
 */
export function autocast(options?: AutocastOptions): Disposable;
export function autocast<R>(body: () => R, options?: AutocastOptions): R;
export function autocast<R>(given?: AutocastOptions | (() => R), options?: AutocastOptions): R | Disposable {
  const isFunction = typeof given === "function";
  const { enabled: isEnabled = true } = (isFunction ? options : given) ?? {};
  if (isEnabled) checkDType("autocast", "float16");
  return isFunction ? guarded(() => setAutocast(isEnabled), given) : setAutocast(isEnabled);
}

/** @internal Switches it on or off until the returned guard is disposed. */
export function setAutocast(isEnabled: boolean): Disposable {
  return mode.set(isEnabled);
}

/** Products: float16 holds their operands well enough. */
const HALF = [
  ...["matmul", "linear", "scaledDotProductAttention"],
  ...["conv2d", "conv2dInputGradient"], // the latter is the transposed convolution
];

/** What overflows in float16, or loses digits: PyTorch's list, by the names of ops here. */
const FULL = [
  ...["exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "pow", "square", "reciprocal", "rsqrt", "sqrt"],
  ...["sinh", "cosh", "tan", "asin", "acos", "erfinv", "logaddexp", "logaddexp2", "xlogy", "softplus", "logsigmoid"],
  ...["sum", "mean", "prod", "cumsum", "cumprod", "logcumsumexp", "logsumexp", "norm", "normSquare", "normPower"],
  ...["softmax", "logSoftmax", "layerNorm", "batchNorm", "normalize", "crossEntropy", "ctcLoss", "recurrent"],
  ...["binaryCrossEntropy", "binaryCrossEntropyWithLogits", "huberLoss", "smoothL1Loss", "softMarginLoss"],
];

const dtypes: ReadonlyMap<string, DType> = /* @__PURE__ */ new Map([
  ...HALF.map((name) => [name, "float16"] as const),
  ...FULL.map((name) => [name, "float32"] as const),
]);

/** The dtype that an op's floating-point operands are converted to; undefined where they stay as they are. */
export function autocastDType(op: string): DType | undefined {
  return mode.isOn ? dtypes.get(op) : undefined;
}
