// Pooling: one value per window.

import type { Tensor } from "../../tensor/tensor.js";
import { pair, type Size2d, steps } from "./size.js";

export interface MaxPool2dOptions {
  /** Default: the kernel size. */
  readonly stride?: Size2d;
  /** Added on every side, never chosen as largest. Default 0. */
  readonly padding?: Size2d;
  readonly dilation?: Size2d;
  /** Rounds the output size up instead of down. Default false. */
  readonly ceilMode?: boolean;
}

/** The largest element of each window: [..., H, W] -> [..., OH, OW]. The gradient goes to the first largest. */
export function maxPool2d(x: Tensor, kernelSize: Size2d, options: MaxPool2dOptions = {}): Tensor {
  const { stride = kernelSize, padding, dilation, ceilMode = false } = options;
  const window = { kernelSize: pair("maxPool2d", "kernelSize", kernelSize) };
  return x.maxPool2d({ ...window, ...steps("maxPool2d", { stride, padding, dilation }), ceilMode });
}

export interface AvgPool2dOptions {
  readonly stride?: Size2d;
  readonly padding?: Size2d;
  readonly ceilMode?: boolean;
  /** Whether zeros of the padding count in the mean. Default true. */
  readonly countIncludePad?: boolean;
}

/** The mean of each window: [..., H, W] -> [..., OH, OW]. */
export function avgPool2d(x: Tensor, kernelSize: Size2d, options: AvgPool2dOptions = {}): Tensor {
  const { stride = kernelSize, padding, ceilMode = false, countIncludePad = true } = options;
  const window = { kernelSize: pair("avgPool2d", "kernelSize", kernelSize) };
  return x.avgPool2d({ ...window, ...steps("avgPool2d", { stride, padding }), ceilMode, countIncludePad });
}
