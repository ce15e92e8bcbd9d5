// Average pooling.

import { checkWhole } from "../../core/check.js";
import { OutOfRangeError } from "../../core/errors.js";
import { checkNames, named } from "../../core/options.js";
import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Size, Size2d } from "./size.js";
import * as windows from "./window.js";

export interface AvgPool1dOptions extends Omit<windows.WindowOptions, "dilation"> {
  /** Whether zeros of the padding count in the mean. Default true. */
  readonly countIncludePad?: boolean;
}

export interface AvgPool2dOptions extends Omit<windows.WindowOptions<Size2d>, "dilation"> {
  /** Whether zeros of the padding count in the mean. Default true. */
  readonly countIncludePad?: boolean;
  /** What sums are divided by, instead of the number of elements. */
  readonly divisorOverride?: number | null;
}

export interface AvgPool3dOptions extends AvgPool1dOptions {
  /** What sums are divided by, instead of the number of elements. */
  readonly divisorOverride?: number | null;
}

/** The mean of each window: [N, C, L] or [C, L] -> [..., OL]. int32 is rounded towards zero. */
export function avgPool1d(x: Tensor, kernelSize: Size, stride?: windows.StrideOr<Size, AvgPool1dOptions>): Tensor {
  return pool("avgPool1d", 1, x, kernelSize, named<AvgPool1dOptions>(stride, "stride"));
}

/** The mean of each window: [N, C, H, W] or [C, H, W] -> [..., OH, OW]. int32 is rounded towards zero. */
export function avgPool2d(x: Tensor, kernelSize: Size2d, stride?: windows.StrideOr<Size2d, AvgPool2dOptions>): Tensor {
  return pool("avgPool2d", 2, x, kernelSize, named<AvgPool2dOptions>(stride, "stride"));
}

/** The mean of each window: [N, C, D, H, W] or [C, D, H, W] -> [..., OD, OH, OW]. int32 is rounded towards zero. */
export function avgPool3d(x: Tensor, kernelSize: Size, stride?: windows.StrideOr<Size, AvgPool3dOptions>): Tensor {
  return pool("avgPool3d", 3, x, kernelSize, named<AvgPool3dOptions>(stride, "stride"));
}

function pool(op: string, count: number, x: Tensor, kernelSize: Size, options: AvgPool3dOptions): Tensor {
  checkNames(op, options, [
    "stride",
    "padding",
    "ceilMode",
    "countIncludePad",
    ...(count === 1 ? [] : ["divisorOverride"]),
  ]);
  const { ceilMode = false, countIncludePad = true, divisorOverride } = options;
  const window = windows.windowOf(op, count, kernelSize, options);
  windows.checkPlaces(op, count, x);
  if (divisorOverride === 0) throw new OutOfRangeError(op, "divisorOverride must not be 0");
  if (divisorOverride != null) checkWhole(op, { divisorOverride }, -(2 ** 31));
  const divisor = divisorOverride ?? 0;
  const attributes = { ...windows.planeWindow(window), ceilMode, countIncludePad, divisor };
  if (count === 1) return x.unsqueeze(-2).avgPool2d(attributes).squeeze(-2).asBase();
  if (count === 2) return x.avgPool2d(attributes);
  // Over the plane and then over the depth: the number of elements is a product likewise. Whole numbers are divided once.
  const isWhole = x.dtype === "int32";
  const planes = x.avgPool2d({ ...attributes, divisor: isWhole || divisor !== 0 ? 1 : 0 });
  const depth = { ...windows.depthWindow(window), ceilMode, countIncludePad };
  const columns = windows.columns(planes).avgPool2d({ ...depth, divisor: isWhole && divisor === 0 ? 1 : divisor });
  const y = windows.uncolumned(columns, planes);
  if (!isWhole || divisor !== 0) return y;
  return y
    .abs()
    .floorDivide(counts(x, y, window, countIncludePad))
    .mul(y.sign());
}

/** How many elements each window of three dimensions has. */
function counts(
  x: Tensor,
  y: Tensor,
  { kernelSize, stride, padding }: windows.Window,
  countIncludePad: boolean,
): Tensor {
  const along = [0, 1, 2].map((d) => {
    const [size, pad] = [x.size(d - 3), padding[d]!];
    const extents = Int32Array.from({ length: y.size(d - 3) }, (_, i) => {
      const start = i * stride[d]! - pad;
      const end = Math.min(start + kernelSize[d]!, size + pad);
      return countIncludePad ? end - start : Math.min(end, size) - Math.max(start, 0);
    });
    return fromHost(extents, [extents.length, ...new Array<number>(2 - d).fill(1)], "int32");
  }) as [Tensor, Tensor, Tensor];
  return along[0].mul(along[1]).mul(along[2]);
}
