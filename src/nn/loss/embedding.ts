// Losses that bring some vectors together and others apart.

import type { Tensor } from "../../tensor/tensor.js";
import { Configured } from "../configured.js";
import { LOSS_OPTIONS } from "../functional/loss.js";
import * as F from "../functional.js";
import { Loss } from "./legacy.js";

/** 1 - cos(x1, x2) where the target is 1, max(0, cos(x1, x2) - margin) where it is -1; see F.cosineEmbeddingLoss. */
export class CosineEmbeddingLoss extends Loss<F.MarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.cosineEmbeddingLoss;
  }

  forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    return F.cosineEmbeddingLoss(x1, x2, target, this.options);
  }
}

/** x where the target is 1, max(0, margin - x) where it is -1, for distances x; see F.hingeEmbeddingLoss. */
export class HingeEmbeddingLoss extends Loss<F.MarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.hingeEmbeddingLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.hingeEmbeddingLoss(x, target, this.options);
  }
}

/** max(0, |anchor - positive| - |anchor - negative| + margin); see F.tripletMarginLoss. */
export class TripletMarginLoss extends Loss<F.TripletMarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.tripletMarginLoss;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginLoss(anchor, positive, negative, this.options);
  }
}

/** TripletMarginLoss with a distance of one's own, which may be a module's forward; see F.tripletMarginWithDistanceLoss. */
export class TripletMarginWithDistanceLoss extends Configured<F.TripletMarginWithDistanceLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.tripletMarginWithDistanceLoss;
  }

  forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    return F.tripletMarginWithDistanceLoss(anchor, positive, negative, this.options);
  }
}
