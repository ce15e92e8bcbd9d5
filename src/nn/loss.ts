// Losses as modules.

import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { Module } from "./module.js";

/** -log softmax(x)[target] from logits [N, C, ...] and int32 labels [N, ...]; see F.crossEntropy. */
export class CrossEntropyLoss extends Module {
  constructor(readonly options: F.CrossEntropyOptions = {}) {
    super();
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.crossEntropy(x, target, this.options);
  }
}

/** Mean squared error; see F.mseLoss. */
export class MSELoss extends Module {
  constructor(readonly options: F.LossOptions = {}) {
    super();
  }

  forward(x: Tensor, target: Tensor): Tensor {
    return F.mseLoss(x, target, this.options);
  }
}
