// Convolution layers.

import { checkChoice, checkWhole, describe } from "../core/check.js";
import { OutOfRangeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
import { numel } from "../core/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { listed } from "./configured.js";
import { type Size, type Size2d, sizes, steps } from "./functional/size.js";
import * as F from "./functional.js";
import { fanInUniform } from "./initial.js";
import { Module } from "./module.js";
import { Parameter } from "./parameter.js";

/** What convolution layers take besides F's options. */
export interface ConvLayerOptions<S = Size> extends F.ConvOptions<S> {
  /** Whether a bias is learned. Default true. */
  readonly bias?: boolean;
  /** What lies around x. Default "zeros". */
  readonly paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
}

const OPTIONS = ["stride", "padding", "dilation", "groups", "bias"];

interface Channels {
  readonly bias?: boolean;
  readonly groups?: number | null;
}

/** @internal Weight and bias of convolutions in `count` directions, uniform in +-1 / sqrt(fan in) at first. */
export abstract class Convolution<S extends Size, Options extends Channels> extends Module {
  weight: Parameter;
  bias: Parameter | null;
  readonly options: Omit<Options, "bias">;

  /** @param isTransposed - whether the weight's first dimension is that of the input's channels */
  constructor(
    count: number,
    readonly inChannels: number,
    readonly outChannels: number,
    readonly kernelSize: S,
    given: Options | undefined,
    isTransposed = false,
  ) {
    super();
    const op = this.constructor.name;
    const known = [...OPTIONS, isTransposed ? "outputPadding" : "paddingMode"] as (keyof Options & string)[];
    const { bias = true, ...options } = checkOptions(op, given, known);
    const groups = options.groups ?? 1;
    checkWhole(op, { inChannels, outChannels });
    checkWhole(op, { groups }, 1);
    const kernel = sizes(op, "kernelSize", kernelSize, count);
    if (inChannels % groups !== 0 || outChannels % groups !== 0) {
      const problem = `${inChannels} input and ${outChannels} output channels do not divide into ${groups} groups`;
      throw new OutOfRangeError(op, problem);
    }
    const channels = isTransposed ? [inChannels, outChannels / groups] : [outChannels, inChannels / groups];
    const fanIn = channels[1]! * numel(kernel); // of the transposed one too, as in PyTorch
    this.options = options;
    this.weight = new Parameter(fanInUniform([...channels, ...kernel], fanIn));
    this.bias = bias ? new Parameter(fanInUniform([outChannels], fanIn)) : null;
  }

  protected override extraRepr(): string {
    const options = listed({ kernelSize: this.kernelSize, ...this.options, ...(this.bias ? {} : { bias: false }) });
    return `${this.inChannels}, ${this.outChannels}, ${options}`;
  }
}

const MODES = ["zeros", "reflect", "replicate", "circular"];

abstract class Conv<S extends Size> extends Convolution<S, ConvLayerOptions<S>> {
  /** Widths that F.pad adds around x, where it is not zeros that F.conv adds. */
  readonly #around: readonly number[] | undefined;

  constructor(
    readonly count: number,
    inChannels: number,
    outChannels: number,
    kernelSize: S,
    options: ConvLayerOptions<S> | undefined,
  ) {
    super(count, inChannels, outChannels, kernelSize, options);
    const op = this.constructor.name;
    const { padding, paddingMode = "zeros", ...others } = this.options;
    const isNamed = padding === "same" || padding === "valid";
    const { stride, dilation, padding: widths } = steps(op, count, { ...others, padding: isNamed ? 0 : padding });
    if (padding === "same" && stride.some((step) => step !== 1))
      throw new OutOfRangeError(op, `padding "same" needs stride 1, got ${describe(others.stride)}`);
    checkChoice(op, "paddingMode", paddingMode, MODES);
    if (paddingMode === "zeros") return;
    const kernel = sizes(op, "kernelSize", kernelSize, count);
    const ends = widths.map((width, d): [number, number] => {
      const total = dilation[d]! * (kernel[d]! - 1);
      return padding === "same" ? [Math.floor(total / 2), Math.ceil(total / 2)] : [width, width];
    });
    this.#around = ends.reverse().flat();
  }

  forward(x: Tensor): Tensor {
    const { paddingMode = "zeros", ...options } = this.options;
    if (this.#around === undefined || paddingMode === "zeros") return this.convolved(x, options);
    return this.convolved(F.pad(x, this.#around, { mode: paddingMode }), {
      ...options,
      padding: 0,
    } as F.ConvOptions<S>);
  }

  override macs(_: readonly unknown[], y: Tensor): number {
    return y.numel() * numel(this.weight.shape.slice(1)); // each result sums over the channels of its group and the kernel
  }

  protected abstract convolved(x: Tensor, options: F.ConvOptions<S>): Tensor;
}

/** One-dimensional convolution: [N, inChannels, L] or [inChannels, L] -> [..., outChannels, OL]. See Conv2d. */
export class Conv1d extends Conv<Size> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvLayerOptions) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  protected override convolved(x: Tensor, options: F.ConvOptions): Tensor {
    return F.conv1d(x, this.weight, this.bias, options);
  }
}

/**
 * Two-dimensional convolution: [N, inChannels, H, W] or [inChannels, H, W] -> [..., outChannels, OH, OW] (see F.conv2d).
 * weight [outChannels, inChannels / groups, KH, KW] and bias [outChannels] start uniform in +-1 / sqrt(fan in), the fan in
 * being inChannels / groups * KH * KW.
 */
export class Conv2d extends Conv<Size2d> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size2d, options?: ConvLayerOptions<Size2d>) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  protected override convolved(x: Tensor, options: F.Conv2dOptions): Tensor {
    return F.conv2d(x, this.weight, this.bias, options);
  }
}

/** Three-dimensional convolution: [N, inChannels, D, H, W] or [inChannels, D, H, W] -> [..., outChannels, OD, OH, OW]. See Conv2d. */
export class Conv3d extends Conv<Size> {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvLayerOptions) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  protected override convolved(x: Tensor, options: F.ConvOptions): Tensor {
    return F.conv3d(x, this.weight, this.bias, options);
  }
}
