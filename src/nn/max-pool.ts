// Max pooling, and its partial inverse.

import { named } from "../core/options.js";
import type { Tensor } from "../tensor/tensor.js";
import { Configured, listed } from "./configured.js";
import { type Size, type Size2d, sizes } from "./functional/size.js";
import type { StrideOr } from "./functional/window.js";
import * as F from "./functional.js";

/** [values, indices] where the options ask for indices, else the values alone. */
type Pooled<Options> = Options extends { readonly returnIndices: true } ? [values: Tensor, indices: Tensor] : Tensor;

/** @internal A layer of windows of one size. */
export abstract class Windows<S extends Size, Options extends object> extends Configured<Options> {
  constructor(
    count: number,
    readonly kernelSize: S,
    options: unknown,
  ) {
    super(named<Options>(options, "stride" as keyof Options));
    sizes(this.constructor.name, "kernelSize", kernelSize, count);
  }

  protected override extraRepr(): string {
    return listed({ kernelSize: this.kernelSize, ...this.options });
  }
}

/** The largest element of each window of [N, C, L] or [C, L]; see F.maxPool1d. The stride is the kernel size by default. */
export class MaxPool1d<Options extends F.MaxPoolOptions = F.MaxPoolOptions> extends Windows<Size, Options> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, Options>) {
    super(1, kernelSize, stride);
  }

  forward(x: Tensor): Pooled<Options> {
    return F.maxPool1d(x, this.kernelSize, this.options) as Pooled<Options>; // the types of F know no variable options
  }
}

/** The largest element of each window of [N, C, H, W] or [C, H, W]; see F.maxPool2d. */
export class MaxPool2d<Options extends F.MaxPool2dOptions = F.MaxPool2dOptions> extends Windows<Size2d, Options> {
  constructor(kernelSize: Size2d, stride?: StrideOr<Size2d, Options>) {
    super(2, kernelSize, stride);
  }

  forward(x: Tensor): Pooled<Options> {
    return F.maxPool2d(x, this.kernelSize, this.options) as Pooled<Options>;
  }
}

/** The largest element of each window of [N, C, D, H, W] or [C, D, H, W]; see F.maxPool3d. */
export class MaxPool3d<Options extends F.MaxPoolOptions = F.MaxPoolOptions> extends Windows<Size, Options> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, Options>) {
    super(3, kernelSize, stride);
  }

  forward(x: Tensor): Pooled<Options> {
    return F.maxPool3d(x, this.kernelSize, this.options) as Pooled<Options>;
  }
}

/** Of the pooling that is undone. */
type UnpoolOptions = Omit<F.MaxUnpoolOptions, "outputSize">;

/** The size of what was pooled, with or without batch and channels; by default the smallest that fits. */
type OutputSize = readonly number[] | { readonly outputSize?: readonly number[] | null } | null;

/** Zeros, and the elements of x where the indices of MaxPool1d say; see F.maxUnpool1d. */
export class MaxUnpool1d extends Windows<Size, UnpoolOptions> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, UnpoolOptions>) {
    super(1, kernelSize, stride);
  }

  forward(x: Tensor, indices: Tensor, outputSize?: OutputSize): Tensor {
    return F.maxUnpool1d(x, indices, this.kernelSize, {
      ...this.options,
      ...named<F.MaxUnpoolOptions>(outputSize, "outputSize"),
    });
  }
}

/** Zeros, and the elements of x where the indices of MaxPool2d say; see F.maxUnpool2d. */
export class MaxUnpool2d extends Windows<Size, UnpoolOptions> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, UnpoolOptions>) {
    super(2, kernelSize, stride);
  }

  forward(x: Tensor, indices: Tensor, outputSize?: OutputSize): Tensor {
    return F.maxUnpool2d(x, indices, this.kernelSize, {
      ...this.options,
      ...named<F.MaxUnpoolOptions>(outputSize, "outputSize"),
    });
  }
}

/** Zeros, and the elements of x where the indices of MaxPool3d say; see F.maxUnpool3d. */
export class MaxUnpool3d extends Windows<Size, UnpoolOptions> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, UnpoolOptions>) {
    super(3, kernelSize, stride);
  }

  forward(x: Tensor, indices: Tensor, outputSize?: OutputSize): Tensor {
    return F.maxUnpool3d(x, indices, this.kernelSize, {
      ...this.options,
      ...named<F.MaxUnpoolOptions>(outputSize, "outputSize"),
    });
  }
}
