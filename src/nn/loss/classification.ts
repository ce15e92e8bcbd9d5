// Losses of classifiers.

import type { Tensor } from "../../tensor/tensor.js";
import { LOSS_OPTIONS } from "../functional/loss.js";
import * as F from "../functional.js";
import type { Buffer } from "../parameter.js";
import { snakeCase } from "../state.js";
import type { LegacyReduction } from "./legacy.js";
import { bufferOf, WeightedLoss, without } from "./weighted.js";

/** -log softmax(x)[target] from logits [N, C, ...] and int32 labels [N, ...], or probabilities; see F.crossEntropy. */
export class CrossEntropyLoss extends WeightedLoss<F.CrossEntropyOptions> {
  protected override get known() {
    return LOSS_OPTIONS.crossEntropy;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(x, target, { ...this.options, weight: this.weight });
  }
}

/** -x[target] from logarithms of probabilities [N, C, ...] and int32 labels [N, ...]; see F.nllLoss. */
export class NLLLoss extends WeightedLoss<F.NllLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.nllLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.nllLoss(x, target, { ...this.options, weight: this.weight });
  }
}

/** -target log(x) - (1 - target) log(1 - x) from probabilities x; see F.binaryCrossEntropy. */
export class BCELoss extends WeightedLoss<F.BinaryCrossEntropyOptions> {
  protected override get known() {
    return LOSS_OPTIONS.binaryCrossEntropy;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.binaryCrossEntropy(x, target, { ...this.options, weight: this.weight });
  }
}

/** BCELoss of sigmoid(x), from logits x; see F.binaryCrossEntropyWithLogits. */
export class BCEWithLogitsLoss extends WeightedLoss<F.BinaryCrossEntropyWithLogitsOptions> {
  protected override get known() {
    return LOSS_OPTIONS.binaryCrossEntropyWithLogits;
  }

  /** What targets of 1 count more than targets of 0, for each class. */
  posWeight: Buffer | null;

  constructor(options?: (F.BinaryCrossEntropyWithLogitsOptions & LegacyReduction) | null) {
    super(without(options, "posWeight"));
    this.posWeight = bufferOf("BCEWithLogitsLoss", options?.posWeight);
  }

  protected override stateName(field: string): string {
    return snakeCase(field);
  }

  forward(x: Tensor, target: Tensor): Tensor {
    const { options, weight, posWeight } = this;
    return F.binaryCrossEntropyWithLogits(x, target, { ...options, weight, posWeight });
  }
}
