// Normalization.

import { noGrad } from "../../autograd/modes.js";
import { ShapeError } from "../../core/errors.js";
import { normalize } from "../../ops/normalization.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

export interface BatchNormOptions {
  readonly weight?: Tensor | null;
  readonly bias?: Tensor | null;
  /** Normalizes by the batch's own statistics and updates the running ones. Default false. */
  readonly training?: boolean;
  /** Share of the batch in the new running statistics; a scalar tensor where only the GPU knows it. Default 0.1. */
  readonly momentum?: number | Tensor;
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
function update(running: Tensor | null, batch: Tensor, momentum: number | Tensor): void {
  const kept = typeof momentum === "number" ? 1 - momentum : momentum.neg().add(1);
  running?.copy_(running.mul(kept).add(batch.reshape(running.shape).mul(momentum)));
}
