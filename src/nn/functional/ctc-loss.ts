// The loss of sequences whose alignment with their labels is not known.

import { checkTensor } from "../../core/check.js";
import { OutOfRangeError, ShapeError } from "../../core/errors.js";
import { checkOptions } from "../../core/options.js";
import { ctcLossGradient, ctcTable } from "../../ops/ctc.js";
import * as autograd from "../../tensor/autograd.js";
import { arange, fromData } from "../../tensor/create.js";
import { stack } from "../../tensor/join.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import { checkReduction, LOSS_OPTIONS, type LossOptions } from "./loss.js";

export interface CtcLossOptions extends LossOptions {
  /** The class that stands for no label. Default 0. */
  readonly blank?: number;
  /** Whether the loss of a target that does not fit into its input is 0 instead of infinite. Default false. */
  readonly zeroInfinity?: boolean;
}

/**
 * Connectionist temporal classification (Graves et al., 2006): minus the logarithm of the probability of all alignments of
 * a target with its input. "mean" divides each loss by the length of its target first. It has no second derivative.
 *
 * @param logProbs - log-softmax over the last dimension, [T, N, C], or [T, C] for a single sample
 * @param targets - labels, int32 [N, S], or those of all samples one after another
 * @param inputLengths - how many steps of each input count, [N]
 * @param targetLengths - how many labels each target has, [N]
 */
export function ctcLoss(
  logProbs: Tensor,
  targets: Tensor,
  inputLengths: Tensor | readonly number[] | number,
  targetLengths: Tensor | readonly number[] | number,
  options: CtcLossOptions = {},
): Tensor {
  const {
    blank = 0,
    zeroInfinity = false,
    reduction = "mean",
  } = checkOptions("ctcLoss", options, LOSS_OPTIONS.ctcLoss);
  checkTensor("ctcLoss", logProbs);
  checkTensor("ctcLoss", targets);
  checkReduction("ctcLoss", reduction);
  if (logProbs.ndim === 2) {
    const options = { blank, zeroInfinity, reduction };
    const losses = ctcLoss(logProbs.unsqueeze(1), targets.reshape([1, -1]), inputLengths, targetLengths, options);
    return losses.reshape([]);
  }
  const [, N, C] = logProbs.shape as [number, number, number];
  const [inputs, lengths] = [lengthsOf(inputLengths), lengthsOf(targetLengths)];
  if (logProbs.ndim !== 3 || targets.ndim > 2 || inputs.numel() !== N || lengths.numel() !== N) {
    const shapes = [logProbs.shape, targets.shape, inputs.shape, lengths.shape];
    throw new ShapeError("ctcLoss", shapes, "must be [T, N, C], [N, S] or [sum of target lengths], [N] and [N]");
  }
  if (!(blank >= 0 && blank < C)) throw new OutOfRangeError("ctcLoss", `blank ${blank} is none of the ${C} classes`);
  const S = targets.shape.at(-1) ?? 1;
  const starts = targets.ndim === 2 ? arange(N).mul(S) : lengths.cumsum(0).sub(lengths);
  const table = stack([inputs, lengths, starts.to("int32")]);
  const settings: Settings = { blank, positions: 2 * S + 1, zeroInfinity };
  const all = Ctc.apply(logProbs, targets.to("int32"), table, settings);
  const losses = zeroInfinity ? all.where(all.isinf().logicalNot(), 0) : all;
  if (reduction === "mean") return losses.div(lengths.clamp(1)).mean();
  return reduction === "sum" ? losses.sum() : losses;
}

interface Settings {
  readonly blank: number;
  readonly positions: number;
  readonly zeroInfinity: boolean;
}

class Ctc extends autograd.Function {
  static override forward(
    ctx: autograd.FunctionContext,
    logProbs: Tensor,
    targets: Tensor,
    lengths: Tensor,
    settings: Settings,
  ): Tensor {
    const table = apply(ctcTable, [logProbs, targets, lengths], settings);
    ctx.saveForBackward(logProbs, targets, lengths, table);
    ctx["settings"] = settings;
    return table.select(1, -1).to(logProbs.dtype).clone();
  }

  static override backward(ctx: autograd.FunctionContext, dy: Tensor): (Tensor | null)[] {
    const [logProbs, targets, lengths, table] = ctx.savedTensors as [Tensor, Tensor, Tensor, Tensor];
    const inputs = [logProbs, targets, lengths, table, dy];
    return [apply(ctcLossGradient, inputs, ctx["settings"] as Settings), null, null, null];
  }
}

function lengthsOf(given: Tensor | readonly number[] | number): Tensor {
  if (typeof given === "number") return fromData([given], { dtype: "int32" });
  return Array.isArray(given) ? fromData(given, { dtype: "int32" }) : (given as Tensor).to("int32").reshape([-1]);
}
