// The loss of sequences whose alignment with their labels is not known.

import type { Tensor } from "../../tensor/tensor.js";
import { Configured } from "../configured.js";
import { LOSS_OPTIONS } from "../functional/loss.js";
import * as F from "../functional.js";

/** Connectionist temporal classification of log-probabilities [T, N, C] and labels; see F.ctcLoss. */
export class CTCLoss extends Configured<F.CtcLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.ctcLoss;
  }

  /** @param lengths - how many steps of each input, and labels of each target, count: [N] */
  forward(
    logProbs: Tensor,
    targets: Tensor,
    inputLengths: Tensor | readonly number[] | number,
    targetLengths: Tensor | readonly number[] | number,
  ): Tensor {
    return F.ctcLoss(logProbs, targets, inputLengths, targetLengths, this.options);
  }
}
