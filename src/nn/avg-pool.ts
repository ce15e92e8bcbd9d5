// Average pooling.

import type { Tensor } from "../tensor/tensor.js";
import type { Size, Size2d } from "./functional/size.js";
import type { StrideOr } from "./functional/window.js";
import * as F from "./functional.js";
import { Windows } from "./max-pool.js";

/** The mean of each window of [N, C, L] or [C, L]; see F.avgPool1d. The stride is the kernel size by default. */
export class AvgPool1d extends Windows<Size, F.AvgPool1dOptions> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, F.AvgPool1dOptions>) {
    super(1, kernelSize, stride);
  }

  forward(x: Tensor): Tensor {
    return F.avgPool1d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window of [N, C, H, W] or [C, H, W]; see F.avgPool2d. */
export class AvgPool2d extends Windows<Size2d, F.AvgPool2dOptions> {
  constructor(kernelSize: Size2d, stride?: StrideOr<Size2d, F.AvgPool2dOptions>) {
    super(2, kernelSize, stride);
  }

  forward(x: Tensor): Tensor {
    return F.avgPool2d(x, this.kernelSize, this.options);
  }
}

/** The mean of each window of [N, C, D, H, W] or [C, D, H, W]; see F.avgPool3d. */
export class AvgPool3d extends Windows<Size, F.AvgPool3dOptions> {
  constructor(kernelSize: Size, stride?: StrideOr<Size, F.AvgPool3dOptions>) {
    super(3, kernelSize, stride);
  }

  forward(x: Tensor): Tensor {
    return F.avgPool3d(x, this.kernelSize, this.options);
  }
}
