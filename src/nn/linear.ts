// Layers that are one matrix product, or none.

import { checkWhole } from "../core/check.js";
import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { fanInUniform } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/**
 * y = x weight^T + bias: [..., inFeatures] -> [..., outFeatures].
 * weight [outFeatures, inFeatures] and bias [outFeatures] start uniform in +-1 / sqrt(inFeatures).
 */
export class Linear extends Module {
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    { bias = true }: { readonly bias?: boolean } = {},
  ) {
    super();
    checkWhole("Linear", { inFeatures, outFeatures });
    this.weight = new Parameter(fanInUniform([outFeatures, inFeatures], inFeatures));
    this.bias = bias ? new Parameter(fanInUniform([outFeatures], inFeatures)) : null;
  }

  forward(x: Tensor): Tensor {
    return F.linear(x, this.weight, this.bias);
  }

  protected override extraRepr(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${this.bias !== null}`;
  }
}

/** Merges dimensions startDim .. endDim into one; by default all but the first: [N, ...] -> [N, product]. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor({ startDim = 1, endDim = -1 }: { readonly startDim?: number; readonly endDim?: number } = {}) {
    super();
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }
}
