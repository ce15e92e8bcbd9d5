// Activations of straight pieces.

import { checkWhole } from "../core/check.js";
import { named } from "../core/options.js";
import { full } from "../tensor/create.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured } from "./configured.js";
import * as F from "./functional.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** max(x, 0). (Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.) */
export class ReLU extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.relu(x, this.options);
  }
}

/** min(max(x, 0), 6) */
export class ReLU6 extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.relu6(x, this.options);
  }
}

/** x for x > 0, else negativeSlope x. (Maas et al., "Rectifier nonlinearities improve acoustic models", 2013.) */
export class LeakyReLU extends Configured<F.LeakyReluOptions> {
  constructor(negativeSlope?: number | F.LeakyReluOptions | null) {
    super(named<F.LeakyReluOptions>(negativeSlope, "negativeSlope"));
  }

  forward(x: Tensor): Tensor {
    return F.leakyRelu(x, this.options);
  }
}

/** x for x > 0, else a x, with a drawn for each element in training and the mean otherwise; see F.rrelu. */
export class RReLU extends Configured<Omit<F.RreluOptions, "training">> {
  forward(x: Tensor): Tensor {
    return F.rrelu(x, { ...this.options, training: this.training });
  }
}

/** How many slopes a PReLU learns, and their first values. */
export interface PReLUOptions {
  /** 1 (the default), or one for each index of dimension 1. */
  readonly numParameters?: number;
  /** Default 0.25. */
  readonly init?: number;
}

/** x for x > 0, else weight x, the weight being learned. (He et al., "Delving deep into rectifiers", 2015.) */
export class PReLU extends Module {
  weight: Parameter;
  readonly numParameters: number;

  constructor(numParameters?: number | PReLUOptions | null) {
    super();
    const options = named<PReLUOptions>(numParameters, "numParameters");
    this.numParameters = options.numParameters ?? 1;
    checkWhole("PReLU", { numParameters: this.numParameters }, 1);
    this.weight = new Parameter(full([this.numParameters], options.init ?? 0.25));
  }

  forward(x: Tensor): Tensor {
    return F.prelu(x, this.weight);
  }

  protected override extraRepr(): string {
    return `numParameters=${this.numParameters}`;
  }
}

/** x within [minVal, maxVal], by default [-1, 1]. */
export class Hardtanh extends Configured<F.HardtanhOptions> {
  forward(x: Tensor): Tensor {
    return F.hardtanh(x, this.options);
  }
}

/** (x + 3) / 6 within [0, 1] */
export class Hardsigmoid extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.hardsigmoid(x, this.options);
  }
}

/** x hardsigmoid(x). (Howard et al., "Searching for MobileNetV3", 2019.) */
export class Hardswish extends Configured<F.InplaceOptions> {
  forward(x: Tensor): Tensor {
    return F.hardswish(x, this.options);
  }
}

/** How far around 0 a shrinking activation is 0. Default 0.5. */
export interface ShrinkOptions {
  readonly lambd?: number | null;
}

/** x, but 0 for |x| <= lambd. */
export class Hardshrink extends Configured<ShrinkOptions> {
  constructor(lambd?: number | ShrinkOptions | null) {
    super(named<ShrinkOptions>(lambd, "lambd"));
  }

  forward(x: Tensor): Tensor {
    return F.hardshrink(x, this.options.lambd);
  }
}

/** x moved by lambd towards 0, and 0 where it would cross it. */
export class Softshrink extends Configured<ShrinkOptions> {
  constructor(lambd?: number | ShrinkOptions | null) {
    super(named<ShrinkOptions>(lambd, "lambd"));
  }

  forward(x: Tensor): Tensor {
    return F.softshrink(x, this.options.lambd);
  }
}

/** x where it is above the threshold, else the value. */
export class Threshold extends Configured<F.InplaceOptions> {
  constructor(
    readonly threshold: number,
    readonly value: number,
    options?: F.InplaceOptions,
  ) {
    super(options);
  }

  forward(x: Tensor): Tensor {
    return F.threshold(x, this.threshold, this.value, this.options);
  }

  protected override extraRepr(): string {
    return [`threshold=${this.threshold}, value=${this.value}`, super.extraRepr()].filter(Boolean).join(", ");
  }
}
