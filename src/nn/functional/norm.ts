// Normalization per channel.

import { noGrad } from "../../autograd/modes.js";
import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { normalize as normalizeOp } from "../../ops/normalization.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { affine, checkAffine, moments, type NormOptions } from "./standardize.js";

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
  checkTensor("batchNorm", x);
  const scale = affine(weight, bias, options);
  const { training = false } = scale;
  if (x.ndim === 1 && x.numel() === 0) return x.clone(); // as PyTorch does
  if (x.ndim < 2) throw new ShapeError("batchNorm", [x.shape], "x must be [N, C, ...]");
  const dims = x.shape.map((_, d) => d).filter((d) => d !== 1);
  if (training && x.numel() === x.shape[1]) {
    throw new ShapeError("batchNorm", [x.shape], "training needs more than one value per channel");
  }
  const running = { mean: runningMean, variance: runningVar };
  const isOwn = training || runningMean === null || runningVar === null;
  return byChannel("batchNorm", x, dims, running, isOwn, training, scale);
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
  const { runningMean = null, runningVar = null, useInputStats = true } = options;
  if (x.ndim < 3) throw new ShapeError("instanceNorm", [x.shape], "x must be [N, C, ...] with something behind");
  const dims = x.shape.map((_, d) => d).slice(2);
  if (useInputStats && x.numel() > 0 && x.shape.slice(2).every((size) => size === 1)) {
    throw new ShapeError("instanceNorm", [x.shape], "a sample needs more than one value per channel");
  }
  if (!useInputStats && (runningMean === null || runningVar === null)) {
    throw new ShapeError("instanceNorm", [x.shape], "needs runningMean and runningVar unless useInputStats is true");
  }
  const running = { mean: runningMean, variance: runningVar };
  return byChannel("instanceNorm", x, dims, running, useInputStats, useInputStats, options);
}

interface Running {
  readonly mean: Tensor | null;
  readonly variance: Tensor | null;
}

/** By own or running statistics; everything else is [C]. float16 is computed as float32. */
function byChannel(
  op: string,
  x: Tensor,
  dims: readonly number[],
  running: Running,
  isOwn: boolean,
  updates: boolean,
  { weight, bias, eps, momentum }: BatchNormOptions,
): Tensor {
  const [, C, ...places] = x.shape as [number, number, ...number[]];
  checkAffine(op, x, { weight, bias }, [C]);
  const wide = x.to("float32");
  const perChannel = (tensor: Tensor): Tensor => tensor.to("float32").reshape([C, ...places.map(() => 1)]);
  const [scale, shift] = [weight ? perChannel(weight) : 1, bias ? perChannel(bias) : 0];
  const attributes = { dims, eps: eps ?? 1e-5, isOwnStatistics: isOwn };
  if (!isOwn) {
    const [mean, variance] = [perChannel(running.mean!), perChannel(running.variance!)];
    return apply(normalizeOp, [wide, mean, variance, scale, shift], attributes).to(x.dtype);
  }
  const [mean, variance] = noGrad(() => {
    const [m, v] = moments(wide, dims);
    const count = dims.reduce((n, d) => n * x.shape[d]!, 1);
    if (updates && count > 0) {
      update(running.mean, m, momentum ?? 0.1);
      update(running.variance, v.mul(count / (count - 1)), momentum ?? 0.1);
    }
    return [m, v];
  });
  return apply(normalizeOp, [wide, mean, variance, scale, shift], attributes).to(x.dtype);
}

/** running = (1 - momentum) running + momentum batch, in place; of several samples' statistics, their mean. */
function update(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  if (running === null) return;
  const kept = typeof momentum === "number" ? 1 - momentum : momentum.neg().add(1);
  const samples = batch.reshape([-1, ...running.shape]);
  const mean = samples.shape[0] === 1 ? samples.reshape(running.shape) : samples.mean(0);
  running.copy_(running.mul(kept).add(mean.mul(momentum)));
}
