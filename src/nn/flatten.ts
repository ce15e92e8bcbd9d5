// Layers that only change shapes.

import { checkList } from "../core/check.js";
import { ShapeError } from "../core/errors.js";
import { checkOptions } from "../core/options.js";
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
    const size = x.size(this.dim); // throws where there is no such dimension
    const known = this.unflattenedSize.filter((n) => n !== -1).reduce((n, m) => n * m, 1);
    const missing = this.unflattenedSize.length - this.unflattenedSize.filter((n) => n !== -1).length;
    if (missing > 1 || (missing === 1 ? known === 0 || size % known !== 0 : known !== size)) {
      const problem = `dimension ${this.dim}, ${size} elements, cannot be split into [${this.unflattenedSize.join(", ")}]`;
      throw new ShapeError("Unflatten", [x.shape], problem);
    }
    const sizes = this.unflattenedSize.map((n) => (n === -1 ? size / known : n));
    const dim = this.dim < 0 ? this.dim + x.ndim : this.dim;
    return x.reshape(x.shape.toSpliced(dim, 1, ...sizes));
  }

  protected override extraRepr(): string {
    return `dim=${this.dim}, unflattenedSize=[${this.unflattenedSize.join(", ")}]`;
  }
}
