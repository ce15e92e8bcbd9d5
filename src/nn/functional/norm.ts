// Normalization per channel.

import { noGrad } from "../../autograd/modes.js";
import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { numel } from "../../core/shape.js";
import type { Running as RunningArrays } from "../../kernels/channel-moments.js";
import { batchNorm as batchNormOp, normalize as normalizeOp } from "../../ops/normalization.js";
import { countOf } from "../../ops/reduction.js";
import { arrayToChange } from "../../tensor/apply-in-place.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { affine, checkAffine, moments, type NormOptions, standardized } from "./standardize.js";

export interface BatchNormOptions extends NormOptions {
  /** Normalizes by the batch's own statistics and updates the running ones. Default false. */
  readonly training?: boolean;
  /** Share of the batch in the new running statistics; a scalar tensor where only the GPU knows it. Default 0.1. */
  readonly momentum?: number | Tensor | null;
}

/**
 * y = (x - mean) / sqrt(var + eps) * weight + bias per channel: x [N, C, ...]. The running variance is updated with the
 * unbiased variance of the batch. weight and bias [C] may also stand before the options, as in PyTorch.
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  weight?: Tensor | null | BatchNormOptions,
  bias?: Tensor | null,
  options: BatchNormOptions = {},
): Tensor {
  return countingBatchNorm(
    x,
    { mean: runningMean, variance: runningVar },
    affine("batchNorm", weight, bias, options, ["training", "momentum"]),
  );
}

interface Running {
  readonly mean: Tensor | null;
  readonly variance: Tensor | null;
  /** How many batches were seen. */
  readonly batches?: Tensor | null;
}

/** @internal batchNorm, which counts the batches of training too. */
export function countingBatchNorm(x: Tensor, running: Running, options: BatchNormOptions): Tensor {
  checkTensor("batchNorm", x);
  const { training = false, weight, bias, eps, momentum } = options;
  if (x.ndim === 1 && x.numel() === 0) return x.clone(); // as PyTorch does
  if (x.ndim < 2) throw new ShapeError("batchNorm", [x.shape], "x must be [N, C, ...]");
  if (training && x.numel() === x.shape[1]) {
    throw new ShapeError("batchNorm", [x.shape], "training needs more than one value per channel");
  }
  const isOwn = training || running.mean === null || running.variance === null;
  if (!isOwn) return byStatistics("batchNorm", x, running.mean!, running.variance!, options);
  checkAffine("batchNorm", x, { weight, bias }, [x.shape[1]!]);
  const [scale, shift] = [weight ? weight.to("float32") : 1, bias ? bias.to("float32") : 0];
  const wide = x.to("float32");
  const kept = noGrad(() => (training ? keepRunning(wide, running, momentum ?? 0.1) : undefined));
  if (x.numel() === 0) return byStatistics("batchNorm", x, 0, 1, options);
  return apply(batchNormOp, [wide, scale, shift], { eps: eps ?? 1e-5, running: kept }).to(x.dtype);
}

/** The running statistics, for the kernel to move them; undefined where that is no work of its, and has been seen to. */
function keepRunning(
  x: Tensor,
  { mean, variance, batches }: Running,
  momentum: number | Tensor,
): RunningArrays | undefined {
  const tensors = [mean, variance, batches].filter((tensor) => tensor != null);
  const arrays = tensors.map((tensor) => arrayToChange("batchNorm", tensor));
  const isPlain = arrays.every(
    (array, i) => array.dtype === (i === 2 ? "int32" : "float32") && array.hasDenseLayout && array.start === 0,
  );
  const areApart = new Set([x.array, ...arrays].map((array) => array.block.buffer)).size === arrays.length + 1;
  if (x.numel() > 0 && mean && variance && typeof momentum === "number" && isPlain && areApart) {
    return { mean: arrays[0]!, variance: arrays[1]!, batches: arrays[2], momentum };
  }
  batches?.add_(1);
  const dims = x.shape.map((_, d) => d).filter((d) => d !== 1);
  updateAll({ mean, variance }, x, dims, momentum);
  return undefined;
}

export interface InstanceNormOptions extends NormOptions {
  readonly runningMean?: Tensor | null;
  readonly runningVar?: Tensor | null;
  /** Normalizes by the sample's own statistics and updates the running ones. Default true. */
  readonly useInputStats?: boolean;
  /** Share of the samples in the new running statistics. Default 0.1. */
  readonly momentum?: number | Tensor | null;
}

/** y = (x - mean) / sqrt(var + eps) * weight + bias per sample and channel: x [N, C, ...], weight and bias [C]. */
export function instanceNorm(x: Tensor, options: InstanceNormOptions = {}): Tensor {
  checkTensor("instanceNorm", x);
  const known = ["weight", "bias", "eps", "runningMean", "runningVar", "useInputStats", "momentum"] as const;
  const { runningMean = null, runningVar = null, useInputStats = true } = checkOptions("instanceNorm", options, known);
  if (x.ndim < 3) throw new ShapeError("instanceNorm", [x.shape], "x must be [N, C, ...] with something behind");
  const dims = x.shape.map((_, d) => d).slice(2);
  if (useInputStats && x.numel() > 0 && x.shape.slice(2).every((size) => size === 1)) {
    throw new ShapeError("instanceNorm", [x.shape], "a sample needs more than one value per channel");
  }
  if (!useInputStats && (runningMean === null || runningVar === null)) {
    throw new ShapeError("instanceNorm", [x.shape], "needs runningMean and runningVar unless useInputStats is true");
  }
  checkAffine("instanceNorm", x, options, [x.shape[1]!]);
  if (!useInputStats) return byStatistics("instanceNorm", x, runningMean!, runningVar!, options);
  const running = { mean: runningMean, variance: runningVar };
  noGrad(() => updateAll(running, x.to("float32"), dims, options.momentum ?? 0.1));
  const [N, C, ...places] = x.shape as [number, number, ...number[]];
  return standardized(x, [N, C, 1, numel(places)], options).to(x.dtype);
}

/** By given statistics; everything but x is [C]. float16 is computed as float32. */
function byStatistics(
  op: string,
  x: Tensor,
  mean: Tensor | number,
  variance: Tensor | number,
  options: NormOptions,
): Tensor {
  checkAffine(op, x, options, [x.shape[1]!]);
  const { weight, bias, eps } = options;
  const operands = [mean, variance, weight || 1, bias || 0].map((operand) => perChannel(x, operand));
  return apply(normalizeOp, [x.to("float32"), ...operands], eps ?? 1e-5).to(x.dtype);
}

/** [C] as it broadcasts to x; numbers stay as they are. */
function perChannel({ shape: [, C, ...places] }: Tensor, operand: Tensor | number): Tensor | number {
  return typeof operand === "number" ? operand : operand.to("float32").reshape([C!, ...places.map(() => 1)]);
}

/** Moves running statistics towards those of x, whose variance over n elements is unbiased. */
function updateAll(running: Running, x: Tensor, dims: readonly number[], momentum: number | Tensor): void {
  const count = countOf(x.shape, dims);
  if (count === 0 || (running.mean === null && running.variance === null)) return;
  const [mean, variance] = moments(x, dims);
  update(running.mean, mean, momentum);
  update(running.variance, variance.mul(count / (count - 1)), momentum);
}

/** running = (1 - momentum) running + momentum batch, in place; of several samples' statistics, their mean. */
function update(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  if (running === null) return;
  const kept = typeof momentum === "number" ? 1 - momentum : momentum.neg().add(1);
  const samples = batch.reshape([-1, ...running.shape]);
  const mean = samples.shape[0] === 1 ? samples.reshape(running.shape) : samples.mean(0);
  running.copy_(running.mul(kept).add(mean.mul(momentum)));
}
