// Losses of numbers against numbers.

import type { Tensor } from "../../tensor/tensor.js";
import { Configured } from "../configured.js";
import { LOSS_OPTIONS } from "../functional/loss.js";
import * as F from "../functional.js";
import { Loss } from "./legacy.js";

/** (x - target)^2; see F.mseLoss. */
export class MSELoss extends Loss<F.LossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.mseLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.mseLoss(x, target, this.options);
  }
}

/** |x - target|; see F.l1Loss. */
export class L1Loss extends Loss<F.LossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.l1Loss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.l1Loss(x, target, this.options);
  }
}

/** d^2 / (2 beta) for |d| < beta, else |d| - beta / 2, of d = x - target; see F.smoothL1Loss. */
export class SmoothL1Loss extends Loss<F.SmoothL1LossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.smoothL1Loss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.smoothL1Loss(x, target, this.options);
  }
}

/** d^2 / 2 for |d| <= delta, else delta (|d| - delta / 2), of d = x - target; see F.huberLoss. */
export class HuberLoss extends Configured<F.HuberLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.huberLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.huberLoss(x, target, this.options);
  }
}

/** target (log target - x) for logarithms x of probabilities; see F.klDiv. */
export class KLDivLoss extends Loss<F.KlDivOptions> {
  protected override get known() {
    return LOSS_OPTIONS.klDiv;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.klDiv(x, target, this.options);
  }
}

/** exp(x) - target x, or x - target log(x + eps), for targets of a Poisson distribution; see F.poissonNllLoss. */
export class PoissonNLLLoss extends Loss<F.PoissonNllLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.poissonNllLoss;
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.poissonNllLoss(x, target, this.options);
  }
}

/** (log var + (x - target)^2 / var) / 2 for targets of a normal distribution; see F.gaussianNllLoss. */
export class GaussianNLLLoss extends Configured<F.GaussianNllLossOptions> {
  protected override get known() {
    return LOSS_OPTIONS.gaussianNllLoss;
  }

  forward(x: Tensor, target: Tensor, variance: Tensor): Tensor {
    return F.gaussianNllLoss(x, target, variance, this.options);
  }
}
