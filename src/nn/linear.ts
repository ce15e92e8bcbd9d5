// Layers that are matrix products, and the one that is nothing.

import { checkWhole } from "../core/check.js";
import { checkOptions } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import * as F from "./functional.js";
import { fanInUniform } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** Whether a bias is learned. Default true. */
export interface BiasOption {
  readonly bias?: boolean;
}

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
    options?: BiasOption,
  ) {
    super();
    const { bias = true } = checkOptions("Linear", options, ["bias"]);
    checkWhole("Linear", { inFeatures, outFeatures });
    this.weight = new Parameter(fanInUniform([outFeatures, inFeatures], inFeatures));
    this.bias = bias ? new Parameter(fanInUniform([outFeatures], inFeatures)) : null;
  }

  forward(x: Tensor): Tensor {
    return F.linear(x, this.weight, this.bias);
  }

  override macs(_: readonly unknown[], y: Tensor): number {
    return y.numel() * this.inFeatures;
  }

  protected override extraRepr(): string {
    return `inFeatures=${this.inFeatures}, outFeatures=${this.outFeatures}, bias=${this.bias !== null}`;
  }
}

/**
 * y_o = x1^T weight_o x2 + bias_o: [..., in1Features] and [..., in2Features] -> [..., outFeatures].
 * weight [outFeatures, in1Features, in2Features] and bias [outFeatures] start uniform in +-1 / sqrt(in1Features).
 */
export class Bilinear extends Module {
  weight: Parameter;
  bias: Parameter | null;

  constructor(
    readonly in1Features: number,
    readonly in2Features: number,
    readonly outFeatures: number,
    options?: BiasOption,
  ) {
    super();
    const { bias = true } = checkOptions("Bilinear", options, ["bias"]);
    checkWhole("Bilinear", { in1Features, in2Features, outFeatures });
    this.weight = new Parameter(fanInUniform([outFeatures, in1Features, in2Features], in1Features));
    this.bias = bias ? new Parameter(fanInUniform([outFeatures], in1Features)) : null;
  }

  forward(x1: Tensor, x2: Tensor): Tensor {
    return F.bilinear(x1, x2, this.weight, this.bias);
  }

  override macs(_: readonly unknown[], y: Tensor): number {
    return y.numel() * (this.in1Features * this.in2Features + this.in2Features); // x1^T W_o, and that times x2
  }

  protected override extraRepr(): string {
    const { in1Features, in2Features, outFeatures, bias } = this;
    return `in1Features=${in1Features}, in2Features=${in2Features}, outFeatures=${outFeatures}, bias=${bias !== null}`;
  }
}

/** Gives x back, whatever it was made with: stands where a layer is not wanted. */
export class Identity extends Module {
  constructor(..._: readonly unknown[]) {
    super();
  }

  forward(x: Tensor): Tensor {
    return x;
  }
}
