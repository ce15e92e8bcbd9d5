// Transposed convolution layers.

import { describe } from "../core/check.js";
import { formatShape, ShapeError } from "../core/errors.js";
import { type Optional, optional } from "../core/options.js";
import { numel } from "../core/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import { Convolution } from "./conv.js";
import { type Size, sizes, steps } from "./functional/size.js";
import * as F from "./functional.js";

/** What transposed convolution layers take besides F's options. */
export interface ConvTransposeLayerOptions extends F.ConvTransposeOptions {
  /** Whether a bias is learned. Default true. */
  readonly bias?: boolean;
}

/** The size of the result, with or without batch and channels; where several are possible, instead of outputPadding. */
export type WantedSize = Optional<"outputSize", readonly number[]>;

abstract class ConvTranspose extends Convolution<Size, ConvTransposeLayerOptions> {
  constructor(
    readonly count: number,
    inChannels: number,
    outChannels: number,
    kernelSize: Size,
    options: ConvTransposeLayerOptions | undefined,
  ) {
    super(count, inChannels, outChannels, kernelSize, options, true);
    steps(this.constructor.name, count, this.options);
    sizes(this.constructor.name, "outputPadding", this.options.outputPadding ?? 0, count, 0);
  }

  override macs([x]: readonly unknown[]): number {
    return (x as Tensor).numel() * numel(this.weight.shape.slice(1)); // each element of x goes to a window of results
  }

  /** F's options for a result of the wanted size. */
  protected optionsFor(x: Tensor, outputSize: WantedSize | undefined): F.ConvTransposeOptions {
    const wanted = optional<"outputSize", readonly number[] | null>(outputSize, "outputSize", null);
    if (wanted === null) return this.options;
    const op = this.constructor.name;
    const { stride, padding, dilation } = steps(op, this.count, this.options);
    const kernel = sizes(op, "kernelSize", this.kernelSize, this.count);
    const lead = x.ndim - this.count;
    const size = wanted.length === x.ndim ? wanted.slice(lead) : wanted;
    const least = kernel.map((k, d) => {
      return (x.shape[lead + d]! - 1) * stride[d]! - 2 * padding[d]! + dilation[d]! * (k - 1) + 1;
    });
    const outputPadding = size.map((n, d) => n - least[d]!);
    if (size.length !== this.count || outputPadding.some((extra, d) => !(extra >= 0 && extra < stride[d]!))) {
      const greatest = least.map((n, d) => n + stride[d]! - 1);
      const problem = `outputSize must be from ${formatShape(least)} to ${formatShape(greatest)}, got ${describe(wanted)}`;
      throw new ShapeError(op, [x.shape], problem);
    }
    return { ...this.options, outputPadding };
  }
}

/** One-dimensional transposed convolution: [N, inChannels, L] or [inChannels, L] -> [..., outChannels, OL]. See ConvTranspose2d. */
export class ConvTranspose1d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(1, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor, outputSize?: WantedSize): Tensor {
    return F.convTranspose1d(x, this.weight, this.bias, this.optionsFor(x, outputSize));
  }
}

/**
 * Two-dimensional transposed convolution: [N, inChannels, H, W] or [inChannels, H, W] -> [..., outChannels, OH, OW] (see
 * F.convTranspose2d). weight [inChannels, outChannels / groups, KH, KW] and bias [outChannels] start uniform in
 * +-1 / sqrt(outChannels / groups * KH * KW).
 */
export class ConvTranspose2d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(2, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor, outputSize?: WantedSize): Tensor {
    return F.convTranspose2d(x, this.weight, this.bias, this.optionsFor(x, outputSize));
  }
}

/** Three-dimensional transposed convolution: [N, inChannels, D, H, W] or without N. See ConvTranspose2d. */
export class ConvTranspose3d extends ConvTranspose {
  constructor(inChannels: number, outChannels: number, kernelSize: Size, options?: ConvTransposeLayerOptions) {
    super(3, inChannels, outChannels, kernelSize, options);
  }

  forward(x: Tensor, outputSize?: WantedSize): Tensor {
    return F.convTranspose3d(x, this.weight, this.bias, this.optionsFor(x, outputSize));
  }
}
