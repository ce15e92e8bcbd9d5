// Pooling by norms.

import type { Tensor } from "../tensor/tensor.js";
import type { LpPool1dOptions, LpPool2dOptions } from "./functional/lp-pool.js";
import type { Size, Size2d } from "./functional/size.js";
import type { StrideOr } from "./functional/window.js";
import * as F from "./functional.js";
import { Windows } from "./max-pool.js";

/** (sum of x^p)^(1/p) over each window of [N, C, L] or [C, L], with p = normType; see F.lpPool1d. */
export class LPPool1d extends Windows<Size, LpPool1dOptions> {
  constructor(
    readonly normType: number,
    kernelSize: Size,
    stride?: StrideOr<Size, LpPool1dOptions>,
  ) {
    super(1, kernelSize, stride);
  }

  forward(x: Tensor): Tensor {
    return F.lpPool1d(x, this.normType, this.kernelSize, this.options);
  }
}

/** (sum of x^p)^(1/p) over each window of [N, C, H, W] or [C, H, W], with p = normType; see F.lpPool2d. */
export class LPPool2d extends Windows<Size2d, LpPool2dOptions> {
  constructor(
    readonly normType: number,
    kernelSize: Size2d,
    stride?: StrideOr<Size2d, LpPool2dOptions>,
  ) {
    super(2, kernelSize, stride);
  }

  forward(x: Tensor): Tensor {
    return F.lpPool2d(x, this.normType, this.kernelSize, this.options);
  }
}
