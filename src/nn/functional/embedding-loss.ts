// Losses that bring some vectors together and others apart.

import { ShapeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import type { Tensor } from "../../tensor/tensor.js";
import { pairwiseDistance } from "./distance.js";
import { LOSS_OPTIONS, type LossOptions, reduced } from "./loss.js";
import type { MarginLossOptions } from "./margin-loss.js";

/**
 * 1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1, averaged; margin is 0 by default.
 * @param x1 - [N, M] or [M], as x2
 * @param target - [N] or []
 */
export function cosineEmbeddingLoss(x1: Tensor, x2: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const { margin = 0, reduction = "mean" } = checkOptions(
    "cosineEmbeddingLoss",
    options,
    LOSS_OPTIONS.cosineEmbeddingLoss,
  );
  if (target.ndim > 1 || x1.ndim !== target.ndim + 1 || x2.ndim !== x1.ndim) {
    const shapes = [x1.shape, x2.shape, target.shape];
    throw new ShapeError("cosineEmbeddingLoss", shapes, "must be [N, M], [N, M] and [N], or [M], [M] and []");
  }
  const square = (x: Tensor): Tensor => x.mul(x).sum(-1).add(1e-12); // PyTorch's epsilon
  const cosine = x1
    .mul(x2)
    .sum(-1)
    .div(square(x1).mul(square(x2)).sqrt());
  const together = cosine.neg().add(1).where(target.eq(1), 0);
  const apart = cosine.sub(margin).clamp(0).where(target.eq(-1), 0);
  return reduced("cosineEmbeddingLoss", together.add(apart), reduction);
}

export interface TripletMarginLossOptions extends LossOptions {
  /** Default 1. */
  readonly margin?: number;
  /** Which norm measures distances. Default 2. */
  readonly p?: number;
  /** Added to every difference. Default 1e-6. */
  readonly eps?: number;
  /** Also takes the distance of the positive from the negative, if that is shorter than the anchor's. Default false. */
  readonly swap?: boolean;
}

/** max(0, |anchor - positive|_p - |anchor - negative|_p + margin) along the last dimension, averaged. */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginLossOptions = {},
): Tensor {
  const { p = 2, eps = 1e-6, ...others } = checkOptions("tripletMarginLoss", options, LOSS_OPTIONS.tripletMarginLoss);
  const distance = (a: Tensor, b: Tensor): Tensor => pairwiseDistance(a, b, { p, eps });
  return tripletLoss("tripletMarginLoss", distance, [anchor, positive, negative], others);
}

/** How far apart vectors are: tensors [..., M] to a tensor [...]. */
export type DistanceFunction = (a: Tensor, b: Tensor) => Tensor;

export interface TripletMarginWithDistanceLossOptions extends LossOptions {
  /** Default: pairwiseDistance. */
  readonly distanceFunction?: DistanceFunction | null;
  readonly margin?: number;
  readonly swap?: boolean;
}

/** tripletMarginLoss with a distance of one's own. */
export function tripletMarginWithDistanceLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  options: TripletMarginWithDistanceLossOptions = {},
): Tensor {
  const { distanceFunction, ...others } = checkOptions(
    "tripletMarginWithDistanceLoss",
    options,
    LOSS_OPTIONS.tripletMarginWithDistanceLoss,
  );
  const distance = distanceFunction ?? pairwiseDistance;
  return tripletLoss("tripletMarginWithDistanceLoss", (a, b) => distance(a, b), [anchor, positive, negative], others);
}

function tripletLoss(
  op: string,
  distance: DistanceFunction,
  [anchor, positive, negative]: readonly [Tensor, Tensor, Tensor],
  { margin = 1, swap = false, reduction = "mean" }: Omit<TripletMarginLossOptions, "p" | "eps">,
): Tensor {
  const near = distance(anchor, positive);
  const far = distance(anchor, negative);
  const farthest = swap ? far.minimum(distance(positive, negative)) : far;
  return reduced(op, near.sub(farthest).add(margin).clamp(0), reduction);
}
