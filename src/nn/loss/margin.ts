// Losses that are 0 from a margin on.

import type { Tensor } from "../../tensor/tensor.js";
import { LOSS_OPTIONS } from "../functional/loss.js";
import * as F from "../functional.js";
import { Loss } from "./legacy.js";
import { WeightedLoss } from "./weighted.js";

/** max(0, margin - target (x1 - x2)): a target of 1 wants x1 above x2, -1 below; see F.marginRankingLoss. */
export class MarginRankingLoss extends Loss<F.MarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.marginRankingLoss;
  }

  forward(x1: Tensor, x2: Tensor, target: Tensor): Tensor {
    return F.marginRankingLoss(x1, x2, target, this.options);
  }
}

/** log(1 + exp(-target x)) for targets of 1 and -1; see F.softMarginLoss. */
export class SoftMarginLoss extends Loss<F.LossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.softMarginLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.softMarginLoss(x, target, this.options);
  }
}

/** The sum over the other classes c of max(0, margin - x[target] + x[c])^p / C; see F.multiMarginLoss. */
export class MultiMarginLoss extends WeightedLoss<F.MultiMarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.multiMarginLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.multiMarginLoss(x, target, { ...this.options, weight: this.weight });
  }
}

/** MultiMarginLoss of several targets in a row, which -1 ends; see F.multilabelMarginLoss. */
export class MultiLabelMarginLoss extends Loss<F.LossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.multilabelMarginLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.multilabelMarginLoss(x, target, this.options);
  }
}

/** BCEWithLogitsLoss, averaged over the classes; see F.multilabelSoftMarginLoss. */
export class MultiLabelSoftMarginLoss extends WeightedLoss<F.MultilabelSoftMarginLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.multilabelSoftMarginLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.multilabelSoftMarginLoss(x, target, { ...this.options, weight: this.weight });
  }
}
