// Losses of classifiers.

import { checkProbability, checkTensor } from "../../core/check.js";
import { isFloatingPoint } from "../../core/dtype.js";
import { DTypeError, ShapeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { binaryCrossEntropy as binaryOp, binaryCrossEntropyWithLogits as logitsOp } from "../../ops/loss.js";
import { crossEntropy as crossEntropyOp } from "../../ops/softmax.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { checkReduction, checkSameShape, LOSS_OPTIONS, type LossOptions, reduced } from "./loss.js";

export interface NllLossOptions extends LossOptions {
  /** What each class counts, [C]. Default 1. */
  readonly weight?: Tensor | null;
  /** Targets that count for nothing. Default -100. */
  readonly ignoreIndex?: number;
}

export interface CrossEntropyOptions extends NllLossOptions {
  /** The part of each target that is spread over all classes. Default 0. */
  readonly labelSmoothing?: number;
}

/**
 * -log softmax(x)[target], averaged: the usual loss of a classifier, from logits.
 *
 * @param x - logits [N, C] or [N, C, ...]; or [C] for a single sample
 * @param target - class indices, int32 [N] or [N, ...], or [] for a single sample; or probabilities, of the input's shape
 * @throws DTypeError if the target is neither; ShapeError if shapes do not fit; OutOfRangeError for a label outside
 *   0 .. C - 1, at once if the host knows the labels, else at the next await
 */
export function crossEntropy(x: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const {
    reduction = "mean",
    ignoreIndex = -100,
    weight = null,
    labelSmoothing = 0,
  } = checkOptions("crossEntropy", options, LOSS_OPTIONS.crossEntropy);
  checkReduction("crossEntropy", reduction);
  checkProbability("crossEntropy", labelSmoothing, "labelSmoothing");
  if (!isProbabilities(x, target) && !weight?.requiresGrad) {
    if (weight !== null) perClass("crossEntropy", x, weight);
    const attributes = { reduction, ignoreIndex, labelSmoothing };
    const loss = (logits: Tensor, labels: Tensor): Tensor =>
      apply(crossEntropyOp, [logits, labels, weight ?? 1], attributes);
    if (x.ndim !== 1 || target.ndim !== 0) return loss(x, target);
    return loss(x.unsqueeze(0), target.unsqueeze(0)).reshape([]).asBase();
  }
  const logs = x.logSoftmax(classesOf(x));
  const weights = weight === null ? null : perClass("crossEntropy", x, weight);
  const weigh = (losses: Tensor): Tensor => (weights === null ? losses : losses.mul(weights));
  const C = x.shape[classesOf(x)]!;
  if (isProbabilities(x, target)) {
    const smooth = labelSmoothing === 0 ? target : target.mul(1 - labelSmoothing).add(labelSmoothing / C);
    const losses = weigh(logs.mul(smooth)).sum(classesOf(x)).neg();
    return reduction === "mean" ? losses.sum().div(x.numel() / C) : reduced("crossEntropy", losses, reduction);
  }
  const { losses, scale } = picked("crossEntropy", logs, target, weights, ignoreIndex);
  if (labelSmoothing === 0) return average(losses, scale, reduction);
  const spread = weigh(logs).sum(classesOf(x)).neg().maskedFill(target.eq(ignoreIndex), 0);
  return average(losses.mul(1 - labelSmoothing).add(spread.mul(labelSmoothing / C)), scale, reduction);
}

/**
 * -x[target], averaged over the weights of the targets, for logarithms x of probabilities.
 *
 * @param x - [N, C] or [N, C, ...]; or [C] for a single sample
 * @param target - class indices, int32 [N] or [N, ...], or [] for a single sample
 */
export function nllLoss(x: Tensor, target: Tensor, options: NllLossOptions = {}): Tensor {
  const {
    reduction = "mean",
    ignoreIndex = -100,
    weight = null,
  } = checkOptions("nllLoss", options, LOSS_OPTIONS.nllLoss);
  checkReduction("nllLoss", reduction);
  const weights = weight === null ? null : perClass("nllLoss", x, weight);
  const { losses, scale } = picked("nllLoss", x, target, weights, ignoreIndex);
  return average(losses, scale, reduction);
}

/** Minus the element of each target, times its weight; and that weight, 0 for targets that are ignored. */
function picked(
  op: string,
  x: Tensor,
  target: Tensor,
  weights: Tensor | null,
  ignored: number,
): { readonly losses: Tensor; readonly scale: Tensor } {
  checkLabels(op, x, target);
  const dim = classesOf(x);
  const counts = target.ne(ignored);
  const index = target.where(counts, 0).unsqueeze(dim);
  const pick = (from: Tensor): Tensor => from.gatherAs(index, { dim, op }).squeeze(dim);
  const scale = weights === null ? counts.to(x.dtype) : pick(weights.expand(x.shape)).where(counts, 0);
  const chosen = pick(x).neg();
  const losses = weights === null ? chosen : chosen.mul(scale);
  return { losses: losses.where(counts, 0), scale };
}

function average(losses: Tensor, scale: Tensor, reduction: "mean" | "sum" | "none"): Tensor {
  return reduction === "mean" ? losses.sum().div(scale.sum()) : reduced("crossEntropy", losses, reduction);
}

function classesOf({ ndim }: Tensor): 0 | 1 {
  return ndim === 1 ? 0 : 1;
}

function isProbabilities(x: Tensor, target: Tensor): boolean {
  checkTensor("crossEntropy", x);
  checkTensor("crossEntropy", target);
  return isFloatingPoint(target.dtype) && sameShape(x.shape, target.shape);
}

/** The weights of classes in a shape that broadcasts to the input's. */
function perClass(op: string, x: Tensor, weight: Tensor): Tensor {
  const C = x.shape[classesOf(x)] ?? 1;
  if (weight.ndim === 1 && weight.shape[0] === C) return weight.reshape([C, ...x.shape.slice(2).map(() => 1)]);
  throw new ShapeError(op, [x.shape, weight.shape], `the weight must be [${C}], one number for each class`);
}

function checkLabels(op: string, x: Tensor, target: Tensor): void {
  checkTensor(op, x);
  checkTensor(op, target);
  const wanted = x.ndim === 0 ? [] : x.shape.toSpliced(classesOf(x), 1);
  if (isFloatingPoint(target.dtype) || target.dtype === "bool") {
    throw new DTypeError(op, `the target is ${target.dtype} and must be class indices, int32: target.to("int32")`);
  }
  if (x.ndim > 0 && sameShape(wanted, target.shape)) return;
  throw new ShapeError(op, [x.shape, target.shape], `the input is [N, C, ...] and the target must be [${wanted}]`);
}

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** What each loss is multiplied by; broadcast. */
  readonly weight?: Tensor | null;
}

/**
 * -target log(x) - (1 - target) log(1 - x), averaged, for probabilities x. Logarithms count as -100 at least. A number
 * outside 0 .. 1 makes the loss NaN.
 */
export function binaryCrossEntropy(x: Tensor, target: Tensor, options: BinaryCrossEntropyOptions = {}): Tensor {
  const { weight = null, reduction = "mean" } = checkOptions(
    "binaryCrossEntropy",
    options,
    LOSS_OPTIONS.binaryCrossEntropy,
  );
  checkSameShape("binaryCrossEntropy", x, target);
  const losses = apply(binaryOp, [x, target]);
  return reduced("binaryCrossEntropy", weight === null ? losses : losses.mul(weight), reduction);
}

export interface BinaryCrossEntropyWithLogitsOptions extends BinaryCrossEntropyOptions {
  /** What targets of 1 count more than targets of 0, for each class; broadcast. */
  readonly posWeight?: Tensor | null;
}

/** binaryCrossEntropy(sigmoid(x), target), from logits: no logarithm of 0. */
export function binaryCrossEntropyWithLogits(
  x: Tensor,
  target: Tensor,
  options: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  const {
    weight = null,
    reduction = "mean",
    posWeight = null,
  } = checkOptions("binaryCrossEntropyWithLogits", options, LOSS_OPTIONS.binaryCrossEntropyWithLogits);
  checkSameShape("binaryCrossEntropyWithLogits", x, target);
  const losses = apply(logitsOp, [x, target, posWeight ?? 1]);
  return reduced("binaryCrossEntropyWithLogits", weight === null ? losses : losses.mul(weight), reduction);
}
