// cutout: images with a square missing.

import { checkWhole } from "../../core/check.js";
import type { Generator } from "../../core/philox.js";
import { arange } from "../../tensor/create.js";
import { randint } from "../../tensor/random.js";
import type { Tensor } from "../../tensor/tensor.js";
import { checkImages } from "./batch.js";

export interface CutoutOptions {
  /** Side of the square, in pixels. */
  readonly length: number;
  /** Default: the default generator, which `manualSeed` seeds. */
  readonly generator?: Generator;
}

/**
 * cutout (DeVries and Taylor 2017): a square of zeros in each image, about a pixel chosen at random, so that some of it may
 * lie outside. Labels stay what they are. In a compiled step, each replay draws anew.
 *
 *     const images = data.augment.cutout(batch, { length: 16 });
 *
 * @param images - [N, C, H, W], with mean 0, so that 0 says nothing
 * @throws ShapeError for another shape; OutOfRangeError unless the length is a whole number
 */
export function cutout(images: Tensor, { length, generator }: CutoutOptions): Tensor {
  const [N, , H, W] = checkImages("cutout", images);
  checkWhole("cutout", { length });
  const options = generator && { generator };
  const inY = between(randint(H, [N, 1, 1, 1], options), length, H).reshape([N, 1, H, 1]);
  const inX = between(randint(W, [N, 1, 1, 1], options), length, W).reshape([N, 1, 1, W]);
  return images.maskedFill(inY.logicalAnd(inX), 0);
}

/** For each centre [N, ...], which of the pixels 0 .. size - 1 are in the square: [N, ..., size]. */
function between(centre: Tensor, length: number, size: number): Tensor {
  const start = centre.sub(Math.floor(length / 2));
  const at = arange(size);
  return at.ge(start).logicalAnd(at.lt(start.add(length)));
}
