// cutmix: images with a box of another one.

import { arange } from "../../tensor/create.js";
import { where } from "../../tensor/join.js";
import { randint, randperm } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkImages, type MixOptions, probabilities } from "./batch.js";
import { sampleBeta } from "./beta.js";
import { mix } from "./mixup.js";

/**
 * cutmix (Yun, Han, Oh, Chun, Choe and Yoo 2019): a box of each image replaced by that of another one of the batch, and
 * labels mixed by area.
 *
 *     lambda ~ Beta(alpha, alpha), one for the batch; pi a random order of the batch
 *     box: floor(H sqrt(1 - lambda) / 2) and floor(W sqrt(1 - lambda) / 2) to each side of a random pixel, cut off at the edges
 *     x~[n] = x[n], but x[pi[n]] in the box
 *     y~[n] = lambda' y[n] + (1 - lambda') y[pi[n]]      lambda' = 1 - (area of what is left of the box) / (H W)
 *
 * The labels go straight into `F.crossEntropy`. In a compiled step, each replay draws anew.
 *
 * @param images - [N, C, H, W]
 * @param labels - class indices [N], or probabilities [N, classes]
 * @returns images [N, C, H, W], and probabilities [N, classes]
 * @throws ShapeError, DTypeError if they are something else; OutOfRangeError unless alpha is a number from 0 on (0 mixes
 *   nothing)
 */
export function cutmix(
  images: Tensor,
  labels: Tensor,
  { alpha = 1, numClasses, generator }: MixOptions = {},
): [images: Tensor, labels: Tensor] {
  const [N, , H, W] = checkImages("cutmix", images);
  const soft = probabilities("cutmix", images, labels, numClasses);
  const options = generator && { generator };
  const side = sampleBeta("cutmix", alpha, [1], generator).neg().add(1).sqrt();
  const order = randperm(N, options);
  const [top, bottom] = ends(side, randint(H, [1], options), H);
  const [left, right] = ends(side, randint(W, [1], options), W);
  const [y, x] = [arange(H).reshape([H, 1]), arange(W)];
  const inBox = y
    .ge(top)
    .logicalAnd(y.lt(bottom))
    .logicalAnd(x.ge(left).logicalAnd(x.lt(right))); // [H, W]
  const area = bottom.sub(top).mul(right.sub(left));
  const lambda = area.div(-H * W).add(1);
  return [where(inBox, images.indexSelect(0, order), images), mix(soft, order, lambda)];
}

/** Where a box about a centre begins, and where it has ended. */
function ends(side: Tensor, centre: Tensor, size: number): readonly [start: Tensor, end: Tensor] {
  const half = side.mul(size).div(2).floor();
  return [centre.sub(half).clamp({ min: 0, max: size }), centre.add(half).clamp({ min: 0, max: size })];
}
