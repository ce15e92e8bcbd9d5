// What losses have in common.

import { checkChoice, checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { sameShape } from "../../core/shape.js";
import type { Tensor } from "../../tensor/tensor.js";

export type Reduction = "mean" | "sum" | "none";

export interface LossOptions {
  /** What becomes of the elements' losses. Default "mean". */
  readonly reduction?: Reduction;
}

/** @internal The names of each loss's options. */
export const LOSS_OPTIONS = {
  binaryCrossEntropy: ["weight", "reduction"],
  binaryCrossEntropyWithLogits: ["weight", "reduction", "posWeight"],
  cosineEmbeddingLoss: ["margin", "reduction"],
  crossEntropy: ["weight", "ignoreIndex", "reduction", "labelSmoothing"],
  ctcLoss: ["blank", "reduction", "zeroInfinity"],
  gaussianNllLoss: ["full", "eps", "reduction"],
  hingeEmbeddingLoss: ["margin", "reduction"],
  huberLoss: ["reduction", "delta"],
  klDiv: ["reduction", "logTarget"],
  l1Loss: ["reduction"],
  marginRankingLoss: ["margin", "reduction"],
  mseLoss: ["reduction"],
  multiMarginLoss: ["p", "margin", "weight", "reduction"],
  multilabelMarginLoss: ["reduction"],
  multilabelSoftMarginLoss: ["weight", "reduction"],
  nllLoss: ["weight", "ignoreIndex", "reduction"],
  poissonNllLoss: ["logInput", "full", "eps", "reduction"],
  smoothL1Loss: ["reduction", "beta"],
  softMarginLoss: ["reduction"],
  tripletMarginLoss: ["margin", "p", "eps", "swap", "reduction"],
  tripletMarginWithDistanceLoss: ["distanceFunction", "margin", "swap", "reduction"],
} as const;

/** @internal */
export function checkReduction(op: string, reduction: string): void {
  checkChoice(op, "reduction", reduction, ["mean", "sum", "none"] satisfies Reduction[]);
}

/** @internal Losses of elements, averaged or summed. */
export function reduced(op: string, losses: Tensor, reduction: Reduction): Tensor {
  checkReduction(op, reduction);
  return reduction === "none" ? losses : losses[reduction]();
}

/** @internal Throws unless an input and its target have one shape: broadcasting them is nearly always a mistake. */
export function checkSameShape(op: string, x: Tensor, target: Tensor): void {
  checkTensor(op, x);
  checkTensor(op, target);
  if (sameShape(x.shape, target.shape)) return;
  throw new ShapeError(
    op,
    [x.shape, target.shape],
    "the input and the target must have the same shape",
    "a [N, 1] prediction needs a [N, 1] target: target.unsqueeze(1)",
  );
}
