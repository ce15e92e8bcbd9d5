// Losses of numbers against numbers.

import { noGrad } from "../../autograd/modes.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { huber, smoothL1 } from "../../ops/loss.js";
import { xlogy } from "../../ops/pairs.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { checkSameShape, LOSS_OPTIONS, type LossOptions, reduced } from "./loss.js";

/** (x - target)^2, averaged. */
export function mseLoss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = "mean" } = checkOptions("mseLoss", options, LOSS_OPTIONS.mseLoss);
  checkSameShape("mseLoss", x, target);
  return reduced("mseLoss", x.sub(target).square(), reduction);
}

/** |x - target|, averaged. */
export function l1Loss(x: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  const { reduction = "mean" } = checkOptions("l1Loss", options, LOSS_OPTIONS.l1Loss);
  checkSameShape("l1Loss", x, target);
  return reduced("l1Loss", x.sub(target).abs(), reduction);
}

export interface HuberLossOptions extends LossOptions {
  /** Where the parabola ends. Default 1. */
  readonly delta?: number;
}

/** d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2), of d = x - target. */
export function huberLoss(x: Tensor, target: Tensor, options: HuberLossOptions = {}): Tensor {
  const { reduction = "mean", delta = 1 } = checkOptions("huberLoss", options, LOSS_OPTIONS.huberLoss);
  checkSameShape("huberLoss", x, target);
  if (!(delta > 0)) throw new TapegradError("huberLoss", `delta must be above 0, got ${delta}`);
  return reduced("huberLoss", apply(huber, [x.sub(target)], { delta }), reduction);
}

export interface SmoothL1LossOptions extends LossOptions {
  /** Where the parabola ends. Default 1; with 0, this is l1Loss. */
  readonly beta?: number;
}

/** d^2 / (2 beta) for |d| < beta, else |d| - beta / 2, of d = x - target. */
export function smoothL1Loss(x: Tensor, target: Tensor, options: SmoothL1LossOptions = {}): Tensor {
  const { reduction = "mean", beta = 1 } = checkOptions("smoothL1Loss", options, LOSS_OPTIONS.smoothL1Loss);
  checkSameShape("smoothL1Loss", x, target);
  if (!(beta >= 0)) throw new TapegradError("smoothL1Loss", `beta must be from 0 on, got ${beta}`);
  const d = x.sub(target);
  return reduced("smoothL1Loss", beta === 0 ? d.abs() : apply(smoothL1, [d], { beta }), reduction);
}

export interface KlDivOptions {
  /** "batchmean" divides the sum by the size of the first dimension, as the divergence's definition does. */
  readonly reduction?: LossOptions["reduction"] | "batchmean";
  /** The target holds logarithms of probabilities too. Default false. */
  readonly logTarget?: boolean;
}

/** target (log target - x), for logarithms x of probabilities, averaged: Kullback and Leibler's divergence. */
export function klDiv(x: Tensor, target: Tensor, options: KlDivOptions = {}): Tensor {
  const { reduction = "mean", logTarget = false } = checkOptions("klDiv", options, LOSS_OPTIONS.klDiv);
  const losses = logTarget ? target.exp().mul(target.sub(x)) : apply(xlogy, [target, target]).sub(target.mul(x));
  if (reduction === "batchmean") return losses.sum().div(x.ndim === 0 ? 1 : x.shape[0]!);
  return reduced("klDiv", losses, reduction);
}

export interface PoissonNllLossOptions extends LossOptions {
  /** Whether x is the logarithm of the rate. Default true. */
  readonly logInput?: boolean;
  /** Adds Stirling's approximation of log(target!), for targets above 1. Default false. */
  readonly full?: boolean;
  /** Added to a rate before its logarithm is taken. Default 1e-8. */
  readonly eps?: number;
}

/** exp(x) - target x, or x - target log(x + eps): what a Poisson distribution of rate exp(x), or x, loses by the target. */
export function poissonNllLoss(x: Tensor, target: Tensor, options: PoissonNllLossOptions = {}): Tensor {
  const {
    logInput = true,
    full = false,
    eps = 1e-8,
    reduction = "mean",
  } = checkOptions("poissonNllLoss", options, LOSS_OPTIONS.poissonNllLoss);
  const losses = logInput ? x.exp().sub(target.mul(x)) : x.sub(target.mul(x.add(eps).log()));
  return reduced("poissonNllLoss", full ? losses.add(stirling(target)) : losses, reduction);
}

/** t log t - t + log(2 pi t) / 2 for t > 1, else 0. */
function stirling(t: Tensor): Tensor {
  const isSmall = t.le(1);
  const safe = t.maskedFill(isSmall, 1); // the branch that is not taken has no logarithm of 0
  const sum = safe
    .mul(safe.log())
    .sub(safe)
    .add(
      safe
        .mul(2 * Math.PI)
        .log()
        .mul(0.5),
    );
  return sum.maskedFill(isSmall, 0);
}

export interface GaussianNllLossOptions extends LossOptions {
  /** Adds log(2 pi) / 2. Default false. */
  readonly full?: boolean;
  /** Variances count as this much at least; gradients do not see the bound. Default 1e-6. */
  readonly eps?: number;
}

/**
 * (log var + (x - target)^2 / var) / 2: what a normal distribution of mean x and variance var loses by the target.
 * @param variance - of the input's shape, or without its last dimension, or with one of size 1 there
 */
export function gaussianNllLoss(
  x: Tensor,
  target: Tensor,
  variance: Tensor,
  options: GaussianNllLossOptions = {},
): Tensor {
  const {
    full = false,
    eps = 1e-6,
    reduction = "mean",
  } = checkOptions("gaussianNllLoss", options, LOSS_OPTIONS.gaussianNllLoss);
  const given = sameShape(variance.shape, x.shape.slice(0, -1)) && x.ndim > 0 ? variance.unsqueeze(-1) : variance;
  const isOnePerRow = sameShape(given.shape, [...x.shape.slice(0, -1), 1]);
  if (!isOnePerRow && !sameShape(given.shape, x.shape)) {
    const problem = "the variance must have the input's shape, or one element for each of its rows";
    throw new ShapeError("gaussianNllLoss", [x.shape, variance.shape], problem);
  }
  const missing = noGrad(() => given.neg().add(eps).where(given.lt(eps), 0));
  const bounded = given.add(missing);
  const losses = bounded.log().add(x.sub(target).square().div(bounded)).mul(0.5);
  return reduced("gaussianNllLoss", full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, reduction);
}
