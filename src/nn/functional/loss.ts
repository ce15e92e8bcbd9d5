// Losses.

import { describe } from "../../core/check.js";
import { ShapeError, TapegradError } from "../../core/errors.js";
import type { CrossEntropyAttributes } from "../../kernels/cross-entropy.js";
import { crossEntropy as crossEntropyOp } from "../../ops/softmax.js";
import { apply, type Tensor } from "../../tensor/tensor.js";

const REDUCTIONS: readonly string[] = ["mean", "sum", "none"] satisfies CrossEntropyAttributes["reduction"][];

export interface CrossEntropyOptions extends Partial<CrossEntropyAttributes> {}

/**
 * -log softmax(x)[target], averaged: the usual loss of a classifier, from logits.
 *
 * @param x - logits [N, C] or [N, C, ...]; or [C] for a single sample
 * @param target - class indices, int32 [N] or [N, ...]; or [] for a single sample
 * @throws DTypeError if the target is not int32; ShapeError if shapes do not fit; OutOfRangeError for a label outside
 *   0 .. C - 1, at once if the host knows the labels, else at the next await
 */
export function crossEntropy(
  x: Tensor,
  target: Tensor,
  { reduction = "mean", ignoreIndex = -100 }: CrossEntropyOptions = {},
): Tensor {
  checkReduction("crossEntropy", reduction);
  if (x.ndim === 1 && target.ndim === 0) {
    const loss = crossEntropy(x.unsqueeze(0), target.unsqueeze(0), { reduction, ignoreIndex });
    return loss.reshape([]).asBase();
  }
  return apply(crossEntropyOp, [x, target], { reduction, ignoreIndex });
}

export interface LossOptions {
  /** Default "mean". */
  readonly reduction?: "mean" | "sum" | "none";
}

/** (x - target)^2, averaged. */
export function mseLoss(x: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  checkReduction("mseLoss", reduction);
  if (x.ndim !== target.ndim || x.shape.some((size, d) => size !== target.shape[d])) {
    throw new ShapeError(
      "mseLoss",
      [x.shape, target.shape],
      "the input and the target must have the same shape",
      "a [N, 1] prediction needs a [N, 1] target: target.unsqueeze(1)",
    );
  }
  const squared = x.sub(target).square();
  return reduction === "none" ? squared : squared[reduction]();
}

function checkReduction(op: string, reduction: string): void {
  if (REDUCTIONS.includes(reduction)) return;
  throw new TapegradError(op, `reduction ${describe(reduction)} is not known; there are "mean", "sum" and "none"`);
}
