// F: neural network operations as functions. PyTorch's torch.nn.functional in camelCase.

import { noGrad } from "../autograd/modes.js";
import { DTypeError, ShapeError } from "../core/errors.js";
import type { Pair } from "../kernels/conv2d.js";
import type { CrossEntropyAttributes } from "../kernels/cross-entropy.js";
import { indexSelect } from "../ops/indexing.js";
import { linear as linearOp } from "../ops/matmul.js";
import { normalize } from "../ops/normalization.js";
import { crossEntropy as crossEntropyOp } from "../ops/softmax.js";
import { type RandomOptions, rand } from "../tensor/random.js";
import { apply, type Tensor } from "../tensor/tensor.js";

/** One number for both directions, or [height, width]. */
export type Size2d = number | Pair;

function pair(size: Size2d): Pair {
  return typeof size === "number" ? [size, size] : size;
}

/** y = x weight^T + bias: x [..., I], weight [O, I], bias [O] -> [..., O]. */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null): Tensor {
  return bias ? apply(linearOp, [x, weight, bias]) : x.matmul(weight.T);
}

export interface Conv2dOptions {
  /** Default 1. */
  readonly stride?: Size2d;
  /** Zeros added on every side. Default 0. "same" keeps the size, at stride 1. */
  readonly padding?: Size2d | "valid" | "same";
  /** Default 1. */
  readonly dilation?: Size2d;
  /** Channels are divided into so many groups that do not see each other. Default 1. */
  readonly groups?: number;
}

/**
 * Two-dimensional convolution (cross-correlation, as in PyTorch):
 * y[n, o, h, w] = bias[o] + sum over c, i, j of x[n, c, h stride + i dilation - padding, ...] weight[o, c, i, j].
 *
 * @param x - [N, C, H, W]
 * @param weight - [O, C / groups, KH, KW]
 * @param bias - [O]
 * @returns [N, O, OH, OW] with OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1
 */
export function conv2d(x: Tensor, weight: Tensor, bias?: Tensor | null, options: Conv2dOptions = {}): Tensor {
  const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
  const step = pair(dilation);
  if (padding === "same") {
    if (pair(stride).some((s) => s !== 1)) throw new ShapeError("conv2d", [x.shape], 'padding "same" needs stride 1');
    const total = step.map((d, i) => d * (weight.shape[2 + i]! - 1));
    if (total.some((t) => t % 2 !== 0))
      throw new ShapeError("conv2d", [weight.shape], 'padding "same" needs an odd kernel');
  }
  const pads: Pair =
    padding === "same"
      ? [(step[0] * (weight.shape[2]! - 1)) / 2, (step[1] * (weight.shape[3]! - 1)) / 2]
      : pair(padding === "valid" ? 0 : padding);
  const batched = x.ndim === 3 ? x.unsqueeze(0) : x;
  const y = batched.conv2d(weight, { stride: pair(stride), padding: pads, dilation: step, groups }, bias);
  return x.ndim === 3 ? y.squeeze(0) : y;
}

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
  const { stride = kernelSize, padding = 0, dilation = 1, ceilMode = false } = options;
  return x.maxPool2d({
    kernelSize: pair(kernelSize),
    stride: pair(stride),
    padding: pair(padding),
    dilation: pair(dilation),
    ceilMode,
  });
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
  const { stride = kernelSize, padding = 0, ceilMode = false, countIncludePad = true } = options;
  return x.avgPool2d({
    kernelSize: pair(kernelSize),
    stride: pair(stride),
    padding: pair(padding),
    dilation: [1, 1],
    ceilMode,
    countIncludePad,
  });
}

export function relu(x: Tensor): Tensor {
  return x.relu();
}

export function sigmoid(x: Tensor): Tensor {
  return x.sigmoid();
}

export function tanh(x: Tensor): Tensor {
  return x.tanh();
}

export function softmax(x: Tensor, dim: number): Tensor {
  return x.softmax(dim);
}

export function logSoftmax(x: Tensor, dim: number): Tensor {
  return x.logSoftmax(dim);
}

export interface DropoutOptions extends Pick<RandomOptions, "generator"> {
  /** Probability of an element to become zero. Default 0.5. */
  readonly p?: number;
  /** Default true. */
  readonly training?: boolean;
}

/**
 * In training, zeroes each element with probability p and divides the others by 1 - p, so that the mean stays; otherwise
 * returns x. The mask takes no memory: backward draws the same numbers again.
 */
export function dropout(x: Tensor, { p = 0.5, training = true, generator }: DropoutOptions = {}): Tensor {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`dropout: p must be between 0 and 1, got ${p}`);
  if (!training || p === 0) return x;
  if (p === 1) return x.mul(0);
  const mask = rand(x.shape, generator && { generator })
    .ge(p)
    .to(x.dtype);
  return x.mul(mask.mul(1 / (1 - p)));
}

/** Rows of `weight` [V, E] by index: x int32 [...] -> [..., E]. */
export function embedding(x: Tensor, weight: Tensor): Tensor {
  if (x.dtype !== "int32")
    throw new DTypeError("embedding", `the indices are ${x.dtype} and must be int32: x.to("int32")`);
  const rows = apply(indexSelect, [weight, x.reshape([-1])], { dim: 0, op: "embedding" });
  return rows.reshape([...x.shape, weight.shape[1]!]);
}

export interface BatchNormOptions {
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Normalizes by the batch's own statistics and updates the running ones. Default false. */
  readonly training?: boolean;
  /** Share of the batch in the new running statistics. Default 0.1. */
  readonly momentum?: number;
  readonly eps?: number;
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias per channel: x [N, C, ...]. The running variance is updated with the
 * unbiased variance of the batch.
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  const { weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = options;
  const C = x.shape[1];
  if (C === undefined) throw new ShapeError("batchNorm", [x.shape], "x must be [N, C, ...]");
  if (weight && weight.numel() !== C) throw new ShapeError("batchNorm", [x.shape, weight.shape], `x has ${C} channels`);
  const isOwnStatistics = training || runningMean === null || runningVar === null;
  const perChannel = (tensor: Tensor): Tensor => tensor.reshape([C, ...x.shape.slice(2).map(() => 1)]);
  const dims = x.shape.map((_, d) => d).filter((d) => d !== 1);
  let [mean, variance] = [runningMean, runningVar];
  if (isOwnStatistics) {
    const count = x.numel() / C;
    if (count <= 1) throw new ShapeError("batchNorm", [x.shape], "training needs more than one value per channel");
    [mean, variance] = noGrad(() => {
      const m = x.mean(dims, { keepdim: true });
      const v = x.sub(m).square().mean(dims, { keepdim: true });
      if (training) {
        update(runningMean, m, momentum);
        update(runningVar, v.mul(count / (count - 1)), momentum);
      }
      return [m, v];
    });
  }
  const scale = weight ? perChannel(weight) : 1;
  const shift = bias ? perChannel(bias) : 0;
  return apply(normalize, [x, perChannel(mean!), perChannel(variance!), scale, shift], { dims, eps, isOwnStatistics });
}

/** running = (1 - momentum) running + momentum batch, in place. */
function update(running: Tensor | null, batch: Tensor, momentum: number): void {
  running?.copy_(running.mul(1 - momentum).add(batch.reshape(running.shape).mul(momentum)));
}

export interface CrossEntropyOptions extends Partial<CrossEntropyAttributes> {}

/**
 * -log softmax(x)[target], averaged: the usual loss of a classifier, from logits.
 *
 * @param x - logits [N, C] or [N, C, ...]; or [C] for a single sample
 * @param target - class indices, int32 [N] or [N, ...]; or [] for a single sample
 * @throws DTypeError if the target is not int32; ShapeError if shapes do not fit; OutOfRangeError for a label outside
 *   0 .. C - 1, at once if the host knows the labels, else at the next await
 */
export function crossEntropy(
  x: Tensor,
  target: Tensor,
  { reduction = "mean", ignoreIndex = -100 }: CrossEntropyOptions = {},
): Tensor {
  if (x.ndim === 1 && target.ndim === 0) {
    const loss = crossEntropy(x.unsqueeze(0), target.unsqueeze(0), { reduction, ignoreIndex });
    return loss.reshape([]);
  }
  return apply(crossEntropyOp, [x, target], { reduction, ignoreIndex });
}

export interface LossOptions {
  /** Default "mean". */
  readonly reduction?: "mean" | "sum" | "none";
}

/** (x - target)^2, averaged. */
export function mseLoss(x: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  if (x.ndim !== target.ndim || x.shape.some((size, d) => size !== target.shape[d])) {
    throw new ShapeError(
      "mseLoss",
      [x.shape, target.shape],
      "the input and the target must have the same shape",
      "a [N, 1] prediction needs a [N, 1] target: target.unsqueeze(1)",
    );
  }
  const squared = x.sub(target).square();
  return reduction === "none" ? squared : squared[reduction]();
}
