// Losses that are 0 from a margin on.

import { ShapeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { softMargin } from "../../ops/loss.js";
import { arange } from "../../tensor/create.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { logsigmoid } from "./activation.js";
import { checkSameShape, LOSS_OPTIONS, type LossOptions, reduced } from "./loss.js";

export interface MarginLossOptions extends LossOptions {
  /** Default 1 for hingeEmbeddingLoss, 0 for the others. */
  readonly margin?: number;
}

/** x where the target is 1, max(0, margin - x) where it is -1, averaged: for distances x. */
export function hingeEmbeddingLoss(x: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const { margin = 1, reduction = "mean" } = checkOptions(
    "hingeEmbeddingLoss",
    options,
    LOSS_OPTIONS.hingeEmbeddingLoss,
  );
  const apart = x.neg().add(margin).clamp(0).where(target.ne(1), 0);
  return reduced("hingeEmbeddingLoss", apart.add(x.where(target.ne(-1), 0)), reduction);
}

/** max(0, margin - target (x1 - x2)), averaged: a target of 1 wants x1 above x2, -1 below. */
export function marginRankingLoss(x1: Tensor, x2: Tensor, target: Tensor, options: MarginLossOptions = {}): Tensor {
  const { margin = 0, reduction = "mean" } = checkOptions("marginRankingLoss", options, LOSS_OPTIONS.marginRankingLoss);
  return reduced("marginRankingLoss", target.neg().mul(x1.sub(x2)).add(margin).clamp(0), reduction);
}

/** log(1 + exp(-target x)), averaged, for targets of 1 and -1. */
export function softMarginLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = "mean" } = checkOptions("softMarginLoss", options, LOSS_OPTIONS.softMarginLoss);
  checkSameShape("softMarginLoss", x, target);
  return reduced("softMarginLoss", apply(softMargin, [target.neg().mul(x)]), reduction);
}

export interface MultiMarginLossOptions extends MarginLossOptions {
  /** The exponent of each class's loss: 1 (the default) or 2. */
  readonly p?: number;
  /** What each class counts as a target, [C]. Default 1. */
  readonly weight?: Tensor | null;
}

/**
 * The sum over classes c other than the target of max(0, margin - x[target] + x[c])^p, divided by C; margin is 1 by default.
 * @param x - [N, C] or [C]
 * @param target - class indices, int32 [N] or []
 */
export function multiMarginLoss(x: Tensor, target: Tensor, options: MultiMarginLossOptions = {}): Tensor {
  const {
    p = 1,
    margin = 1,
    weight = null,
    reduction = "mean",
  } = checkOptions("multiMarginLoss", options, LOSS_OPTIONS.multiMarginLoss);
  if (p !== 1 && p !== 2) throw new TapegradError("multiMarginLoss", `p must be 1 or 2, got ${p}`);
  const rows = x.ndim < 2 ? x.reshape([1, -1]) : x;
  const [N, C] = rows.shape as [number, number];
  if (rows.ndim !== 2 || target.numel() !== N) {
    throw new ShapeError("multiMarginLoss", [x.shape, target.shape], "must be [N, C] and [N], or [C] and []");
  }
  const index = target.reshape([N, 1]);
  const distance = rows.sub(rows.gatherAs(index, { dim: 1, op: "multiMarginLoss" })).add(margin);
  const counts = distance.gt(0).logicalAnd(arange(C).ne(index)); // NaN does not, as in PyTorch
  const positive = distance.where(counts, 0);
  const shares = positive.div(C);
  const each = p === 1 ? shares : shares.mul(positive);
  const weights = weight === null ? 1 : weight.reshape([1, C]).expand([N, C]).gather(1, index);
  const losses = each.mul(weights).sum(1);
  return reduced("multiMarginLoss", x.ndim < 2 ? losses.reshape([]) : losses, reduction);
}

/**
 * The sum over the targets j of a row, and the classes i that are none, of max(0, 1 - x[j] + x[i]), divided by C.
 * @param x - [N, C] or [C]
 * @param target - class indices, int32, of the input's shape; -1 ends a row's list
 */
export function multilabelMarginLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = "mean" } = checkOptions("multilabelMarginLoss", options, LOSS_OPTIONS.multilabelMarginLoss);
  checkSameShape("multilabelMarginLoss", x, target);
  const C = x.ndim === 0 ? 1 : x.shape.at(-1)!;
  const [rows, labels] = [x.reshape([-1, C]), target.reshape([-1, C])];
  const isListed = labels.lt(0).cumsum(1).eq(0); // [N, C]: before the row's first -1
  const index = labels.where(isListed, 0);
  const isTarget = index.unsqueeze(2).eq(arange(C)).logicalAnd(isListed.unsqueeze(2)).any(1); // [N, C]
  const chosen = rows.gatherAs(index, { dim: 1, op: "multilabelMarginLoss" }).unsqueeze(2);
  const distance = rows.unsqueeze(1).sub(chosen).add(1); // [N, targets, classes]
  const counts = isListed.unsqueeze(2).logicalAnd(isTarget.logicalNot().unsqueeze(1)).logicalAnd(distance.gt(0));
  const losses = distance.where(counts, 0).sum([1, 2]).div(C);
  return reduced("multilabelMarginLoss", x.ndim < 2 ? losses.reshape([]) : losses, reduction);
}

export interface MultilabelSoftMarginLossOptions extends LossOptions {
  /** What each class counts, [C]. Default 1. */
  readonly weight?: Tensor | null;
}

/** -target log(sigmoid(x)) - (1 - target) log(sigmoid(-x)), averaged over the last dimension, then over the rest. */
export function multilabelSoftMarginLoss(
  x: Tensor,
  target: Tensor,
  options: MultilabelSoftMarginLossOptions = {},
): Tensor {
  const { weight = null, reduction = "mean" } = checkOptions(
    "multilabelSoftMarginLoss",
    options,
    LOSS_OPTIONS.multilabelSoftMarginLoss,
  );
  checkSameShape("multilabelSoftMarginLoss", x, target);
  const gains = target.mul(logsigmoid(x)).add(target.neg().add(1).mul(logsigmoid(x.neg())));
  const losses = (weight === null ? gains : gains.mul(weight)).neg().mean(-1);
  return reduced("multilabelSoftMarginLoss", losses, reduction);
}
