// What batch augmentations take: images and labels, on the GPU.

import { checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { DTypeError, ShapeError, TapegradError } from "../../core/errors.js";
import type { Generator } from "../../core/philox.js";
import { oneHot } from "../../nn/functional/embedding.js";
import type { Tensor } from "../../tensor/tensor.js";

export interface MixOptions {
  /** Both parameters of the beta distribution that the share of the image itself comes from. Default 1: uniform. */
  readonly alpha?: number;
  /** Number of classes: needed for labels that are class indices. */
  readonly numClasses?: number;
  /** Default: the default generator, which `manualSeed` seeds. */
  readonly generator?: Generator;
}

/** @internal Throws unless these are images [N, C, H, W]. */
export function checkImages(op: string, images: Tensor): readonly [N: number, C: number, H: number, W: number] {
  checkTensor(op, images);
  if (images.ndim !== 4)
    throw new ShapeError(op, [images.shape], "a batch of images has four dimensions, [N, C, H, W]");
  return images.shape as unknown as readonly [number, number, number, number];
}

/** @internal Labels as probabilities, [N, classes]. */
export function probabilities(op: string, images: Tensor, labels: Tensor, numClasses: number | undefined): Tensor {
  checkTensor(op, labels);
  if (labels.shape[0] !== images.shape[0]) {
    throw new ShapeError(op, [images.shape, labels.shape], "there is not one label for each image");
  }
  if (labels.ndim === 2 && isFloatingPoint(labels.dtype)) return labels;
  if (labels.ndim !== 1)
    throw new ShapeError(op, [labels.shape], "labels are class indices [N] or probabilities [N, C]");
  if (isFloatingPoint(labels.dtype)) {
    throw new DTypeError(op, `labels [N] are class indices, and these are ${labels.dtype}: use .to("int32")`);
  }
  if (numClasses === undefined) {
    throw new TapegradError(op, "labels that are class indices need numClasses, the number of classes");
  }
  return oneHot(labels.to("int32"), numClasses).to("float32");
}
