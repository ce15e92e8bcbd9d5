// Layers that resize.

import type { Tensor } from "../tensor/tensor.js";
import { Configured } from "./configured.js";
import * as F from "./functional.js";

/** [N, C, ...] resized in its last one to three dimensions, to a size or by a factor; see F.interpolate. */
export class Upsample extends Configured<F.InterpolateOptions> {
  forward(x: Tensor): Tensor {
    return F.interpolate(x, this.options);
  }
}

/** The size of the result, or how many times as large it is. */
export type UpsamplingOptions = Pick<F.InterpolateOptions, "size" | "scaleFactor">;

/** Upsample with mode "nearest": [N, C, H, W] -> [N, C, OH, OW]. */
export class UpsamplingNearest2d extends Configured<UpsamplingOptions> {
  forward(x: Tensor): Tensor {
    return F.upsampleNearest(x, this.options);
  }
}

/** Upsample with mode "bilinear" and aligned corners: [N, C, H, W] -> [N, C, OH, OW]. */
export class UpsamplingBilinear2d extends Configured<UpsamplingOptions> {
  forward(x: Tensor): Tensor {
    return F.upsampleBilinear(x, this.options);
  }
}
