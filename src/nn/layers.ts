// Layers without parameters.

import type { Tensor } from "../tensor/tensor.js";
import { pair } from "./functional/size.js";
import * as F from "./functional.js";
import { Module } from "./module.js";

/** max(x, 0) */
export class ReLU extends Module {
  forward(x: Tensor): Tensor {
    return x.relu();
  }
}

/** 1 / (1 + exp(-x)) */
export class Sigmoid extends Module {
  forward(x: Tensor): Tensor {
    return x.sigmoid();
  }
}

/** (exp(x) - exp(-x)) / (exp(x) + exp(-x)) */
export class Tanh extends Module {
  forward(x: Tensor): Tensor {
    return x.tanh();
  }
}

/** In training, zeroes elements with probability p (default 0.5) and scales the others by 1 / (1 - p); see F.dropout. */
export class Dropout extends Module {
  constructor(readonly p = 0.5) {
    super();
    if (!(p >= 0 && p <= 1)) throw new RangeError(`Dropout: p must be between 0 and 1, got ${p}`);
  }

  forward(x: Tensor): Tensor {
    return F.dropout(x, { p: this.p, training: this.training });
  }

  protected override extraRepr(): string {
    return `p=${this.p}`;
  }
}

/** The largest element of each window; see F.maxPool2d. */
export class MaxPool2d extends Module {
  constructor(
    readonly kernelSize: F.Size2d,
    readonly options: F.MaxPool2dOptions = {},
  ) {
    super();
    pair("MaxPool2d", "kernelSize", kernelSize);
  }

  forward(x: Tensor): Tensor {
    return F.maxPool2d(x, this.kernelSize, this.options);
  }

  protected override extraRepr(): string {
    return `kernelSize=${this.kernelSize}`;
  }
}

/** The mean of each window; see F.avgPool2d. */
export class AvgPool2d extends Module {
  constructor(
    readonly kernelSize: F.Size2d,
    readonly options: F.AvgPool2dOptions = {},
  ) {
    super();
    pair("AvgPool2d", "kernelSize", kernelSize);
  }

  forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }

  protected override extraRepr(): string {
    return `kernelSize=${this.kernelSize}`;
  }
}
