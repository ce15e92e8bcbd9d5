// Layers that only change shapes.

import { checkList } from "../core/check.js";
import { checkOptions } from "../core/options.js";
import { unflatten } from "../functions/views.js";
import type { Tensor } from "../tensor/tensor.js";
import { Module } from "./module.js";

/** Which dimensions are merged. */
export interface FlattenOptions {
  /** Default 1. */
  readonly startDim?: number;
  /** Default -1. */
  readonly endDim?: number;
}

/** Merges dimensions startDim .. endDim into one; by default all but the first: [N, ...] -> [N, product]. */
export class Flatten extends Module {
  readonly startDim: number;
  readonly endDim: number;

  constructor(options?: FlattenOptions) {
    super();
    const { startDim = 1, endDim = -1 } = checkOptions("Flatten", options, ["startDim", "endDim"]);
    this.startDim = startDim;
    this.endDim = endDim;
  }

  forward(x: Tensor): Tensor {
    return x.flatten(this.startDim, this.endDim);
  }

  protected override extraRepr(): string {
    return `startDim=${this.startDim}, endDim=${this.endDim}`;
  }
}

/** Splits one dimension into several: Unflatten(1, [2, 3]) makes [N, 6] to [N, 2, 3]. One of the sizes may be -1. */
export class Unflatten extends Module {
  constructor(
    readonly dim: number,
    readonly unflattenedSize: readonly number[],
  ) {
    super();
    checkList("Unflatten", unflattenedSize);
  }

  forward(x: Tensor): Tensor {
    return unflatten(x, this.dim, this.unflattenedSize);
  }

  protected override extraRepr(): string {
    return `dim=${this.dim}, unflattenedSize=[${this.unflattenedSize.join(", ")}]`;
  }
}
