// Pooling to a given size.

import { named } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured, listed } from "./configured.js";
import * as F from "./functional.js";

abstract class AdaptivePool<Options extends object = object> extends Configured<Options> {
  /** @param outputSize - one size for all directions, or one for each; null keeps the input's */
  constructor(
    readonly outputSize: F.OutputSize,
    options?: Options,
  ) {
    super(options);
  }

  protected override extraRepr(): string {
    return listed({ outputSize: this.outputSize, ...this.options });
  }
}

/** Means of `outputSize` windows of [N, C, L] or [C, L]; see F.adaptiveAvgPool1d. */
export class AdaptiveAvgPool1d extends AdaptivePool {
  forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool1d(x, this.outputSize);
  }
}

/** Means of `outputSize` windows of [N, C, H, W] or [C, H, W]; see F.adaptiveAvgPool2d. */
export class AdaptiveAvgPool2d extends AdaptivePool {
  forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool2d(x, this.outputSize);
  }
}

/** Means of `outputSize` windows of [N, C, D, H, W] or [C, D, H, W]; see F.adaptiveAvgPool3d. */
export class AdaptiveAvgPool3d extends AdaptivePool {
  forward(x: Tensor): Tensor {
    return F.adaptiveAvgPool3d(x, this.outputSize);
  }
}

/** Whether forward also gives where the largest elements are. Default false. */
export interface IndicesOptions<Returns extends boolean = boolean> {
  readonly returnIndices?: Returns;
}

/** [values, indices] where indices are wanted, else the values alone. */
type Pooled<Returns> = Returns extends true ? [values: Tensor, indices: Tensor] : Tensor;

abstract class AdaptiveMaxPool<Returns extends boolean> extends AdaptivePool<IndicesOptions<Returns>> {
  constructor(outputSize: F.OutputSize, returnIndices?: Returns | IndicesOptions<Returns> | null) {
    super(outputSize, named<IndicesOptions<Returns>>(returnIndices, "returnIndices"));
  }
}

/** The largest of each of `outputSize` windows of [N, C, L] or [C, L]; see F.adaptiveMaxPool1d. */
export class AdaptiveMaxPool1d<Returns extends boolean = false> extends AdaptiveMaxPool<Returns> {
  forward(x: Tensor): Pooled<Returns> {
    return F.adaptiveMaxPool1d(
      x,
      this.outputSize,
      this.options as { returnIndices: true },
    ) as unknown as Pooled<Returns>;
  }
}

/** The largest of each of `outputSize` windows of [N, C, H, W] or [C, H, W]; see F.adaptiveMaxPool2d. */
export class AdaptiveMaxPool2d<Returns extends boolean = false> extends AdaptiveMaxPool<Returns> {
  forward(x: Tensor): Pooled<Returns> {
    return F.adaptiveMaxPool2d(
      x,
      this.outputSize,
      this.options as { returnIndices: true },
    ) as unknown as Pooled<Returns>;
  }
}

/** The largest of each of `outputSize` windows of [N, C, D, H, W] or [C, D, H, W]; see F.adaptiveMaxPool3d. */
export class AdaptiveMaxPool3d<Returns extends boolean = false> extends AdaptiveMaxPool<Returns> {
  forward(x: Tensor): Pooled<Returns> {
    return F.adaptiveMaxPool3d(
      x,
      this.outputSize,
      this.options as { returnIndices: true },
    ) as unknown as Pooled<Returns>;
  }
}
