// Convolution.

import { checkWhole } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { pair, steps } from "./functional/size.js";
import * as F from "./functional.js";
import { fanInUniform } from "./init.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/**
 * Two-dimensional convolution: [N, inChannels, H, W] -> [N, outChannels, OH, OW] (see F.conv2d).
 * weight [outChannels, inChannels / groups, KH, KW] and bias [outChannels] start uniform in +-1 / sqrt(fan in), the fan in
 * being inChannels / groups * KH * KW.
 */
export class Conv2d extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly options: F.Conv2dOptions;

  constructor(
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: F.Size2d,
    { bias = true, ...options }: F.Conv2dOptions & { readonly bias?: boolean } = {},
  ) {
    super();
    const groups = options.groups ?? 1;
    checkWhole("Conv2d", { inChannels, outChannels });
    checkWhole("Conv2d", { groups }, 1);
    const [height, width] = pair("Conv2d", "kernelSize", kernelSize);
    const { padding } = options;
    steps("Conv2d", 2, { ...options, padding: typeof padding === "string" ? 0 : padding });
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      throw new OutOfRangeError(
        "Conv2d",
        `${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`,
      );
    }
    const shape = [outChannels, inChannels / groups, height, width];
    const fanIn = (inChannels / groups) * height * width;
    this.options = options;
    this.weight = new Parameter(fanInUniform(shape, fanIn));
    this.bias = bias ? new Parameter(fanInUniform([outChannels], fanIn)) : null;
  }

  forward(x: Tensor): Tensor {
    return F.conv2d(x, this.weight, this.bias, this.options);
  }

  protected override extraRepr(): string {
    const options = Object.entries(this.options).map(([name, value]) => `, ${name}=${value}`);
    return `${this.inChannels}, ${this.outChannels}, kernelSize=${this.kernelSize}${options.join("")}`;
  }
}
