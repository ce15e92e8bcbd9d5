// Windows as columns, and back.

import type { Tensor } from "../tensor/tensor.js";
import { Configured, listed } from "./configured.js";
import { pair, type Size2d } from "./functional/size.js";
import * as F from "./functional.js";

/** The windows of a convolution, each as a column: [N, C, H, W] -> [N, C KH KW, windows]; see F.unfold. */
export class Unfold extends Configured<F.FoldOptions> {
  constructor(
    readonly kernelSize: Size2d,
    options?: F.FoldOptions,
  ) {
    super(options);
    pair("Unfold", "kernelSize", kernelSize);
  }

  forward(x: Tensor): Tensor {
    return F.unfold(x, this.kernelSize, this.options);
  }

  protected override extraRepr(): string {
    return listed({ kernelSize: this.kernelSize, ...this.options });
  }
}

/** The sum of all windows, each at its place: [N, C KH KW, windows] -> [N, C, ...outputSize]; see F.fold. */
export class Fold extends Configured<F.FoldOptions> {
  constructor(
    readonly outputSize: Size2d,
    readonly kernelSize: Size2d,
    options?: F.FoldOptions,
  ) {
    super(options);
    pair("Fold", "outputSize", outputSize);
    pair("Fold", "kernelSize", kernelSize);
  }

  forward(x: Tensor): Tensor {
    return F.fold(x, this.outputSize, this.kernelSize, this.options);
  }

  protected override extraRepr(): string {
    return listed({ outputSize: this.outputSize, kernelSize: this.kernelSize, ...this.options });
  }
}
