// mixup: training on the lines between samples.

import { randperm } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkImages, type MixOptions, probabilities } from "./batch.js";
import { sampleBeta } from "./beta.js";

/**
 * mixup (Zhang, Cisse, Dauphin and Lopez-Paz 2017): each image mixed with another one of the batch, and its label too.
 *
 *     lambda ~ Beta(alpha, alpha), one for the batch; pi a random order of the batch
 *     x~[n] = lambda x[n] + (1 - lambda) x[pi[n]]        y~[n] = lambda y[n] + (1 - lambda) y[pi[n]]
 *
 * The labels go straight into `F.crossEntropy`. In a compiled step, each replay draws anew.
 *
 *     const [mixed, soft] = data.augment.mixup(images, labels, { alpha: 0.2, numClasses: 10 });
 *     const loss = F.crossEntropy(model.forward(mixed), soft);
 *
 * @param images - float32 [N, C, H, W]
 * @param labels - class indices [N], or probabilities [N, classes]
 * @returns images [N, C, H, W], and probabilities [N, classes]
 * @throws ShapeError, DTypeError if they are something else; OutOfRangeError unless alpha is a number from 0 on (0 mixes
 *   nothing)
 */
export function mixup(
  images: Tensor,
  labels: Tensor,
  { alpha = 1, numClasses, generator }: MixOptions = {},
): [images: Tensor, labels: Tensor] {
  const [N] = checkImages("mixup", images);
  const soft = probabilities("mixup", images, labels, numClasses);
  const lambda = sampleBeta("mixup", alpha, [1], generator);
  const order = randperm(N, generator && { generator });
  return [mix(images, order, lambda), mix(soft, order, lambda)];
}

/** @internal lambda x + (1 - lambda) x[order]; lambda has one dimension. */
export function mix(x: Tensor, order: Tensor, lambda: Tensor): Tensor {
  const share = lambda.reshape([1, ...x.shape.slice(1).map(() => 1)]);
  return x.mul(share).add(x.indexSelect(0, order).mul(share.neg().add(1)));
}
