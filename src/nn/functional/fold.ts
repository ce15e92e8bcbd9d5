// Windows as columns, and columns added up to a picture again.

import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { convSizes } from "../../ops/conv-sizes.js";
import type { Tensor } from "../../tensor/tensor.js";
import { padWith } from "./pad.js";
import { pair, type Size2d } from "./size.js";
import { tapsOf } from "./window.js";

export interface FoldOptions {
  /** Default 1. */
  readonly dilation?: Size2d | null;
  /** Zeros added on every side. Default 0. */
  readonly padding?: Size2d | null;
  /** Default 1. */
  readonly stride?: Size2d | null;
}

/** The windows of a convolution, each as a column: [N, C, H, W] -> [N, C KH KW, windows]; also without N. */
export function unfold(x: Tensor, kernelSize: Size2d, options: FoldOptions = {}): Tensor {
  checkTensor("unfold", x);
  if (x.ndim === 3) return unfold(x.unsqueeze(0), kernelSize, options).squeeze(0).asBase();
  if (x.ndim !== 4) throw new ShapeError("unfold", [x.shape], "x must be [N, C, H, W] or [C, H, W]");
  const { rows, columns, kernel, count, padding } = windowsOf("unfold", x.shape, kernelSize, options);
  const [N, C] = x.shape as [number, number];
  const around = [0, 0, ...padding];
  return padWith(x, around, around)
    .indexSelect(2, rows)
    .indexSelect(3, columns)
    .reshape([N, C, count[0]!, kernel[0], count[1]!, kernel[1]])
    .permute([0, 1, 3, 5, 2, 4])
    .reshape([N, C * kernel[0] * kernel[1], count[0]! * count[1]!])
    .asBase();
}

/** The sum of all windows, each at its place: [N, C KH KW, windows] -> [N, C, ...outputSize]; also without N. */
export function fold(x: Tensor, outputSize: Size2d, kernelSize: Size2d, options: FoldOptions = {}): Tensor {
  checkTensor("fold", x);
  if (x.ndim === 2) return fold(x.unsqueeze(0), outputSize, kernelSize, options).squeeze(0).asBase();
  if (x.ndim !== 3) throw new ShapeError("fold", [x.shape], "x must be [N, C KH KW, windows] or [C KH KW, windows]");
  const size = pair("fold", "outputSize", outputSize);
  const [N, height, width] = x.shape as [number, number, number];
  const { rows, columns, kernel, count, padding } = windowsOf("fold", [N, 1, ...size], kernelSize, options);
  const perChannel = kernel[0] * kernel[1];
  if (height % perChannel !== 0) {
    throw new ShapeError("fold", [x.shape], `${height} rows do not divide into kernels of ${perChannel} elements`);
  }
  if (width !== count[0]! * count[1]!) {
    throw new ShapeError("fold", [x.shape], `there are ${width} windows and ${count[0]} x ${count[1]} places for them`);
  }
  const C = height / perChannel;
  return x
    .reshape([N, C, kernel[0], kernel[1], count[0]!, count[1]!])
    .permute([0, 1, 4, 2, 5, 3])
    .reshape([N, C, count[0]! * kernel[0], count[1]! * kernel[1]])
    .indexSum(rows, { dim: 2, size: size[0] + 2 * padding[0], op: "fold" })
    .indexSum(columns, { dim: 3, size: size[1] + 2 * padding[1], op: "fold" })
    .narrow(2, padding[0], size[0])
    .narrow(3, padding[1], size[1])
    .asBase();
}

function windowsOf(op: string, shape: readonly number[], kernelSize: Size2d, options: FoldOptions) {
  const kernel = pair(op, "kernelSize", kernelSize);
  const stride = pair(op, "stride", options.stride ?? 1);
  const padding = pair(op, "padding", options.padding ?? 0, 0);
  const dilation = pair(op, "dilation", options.dilation ?? 1);
  const count = convSizes(op, shape, kernel, { stride, padding, dilation });
  const [rows, columns] = [0, 1].map((d) => tapsOf(count[d]!, stride[d]!, kernel[d]!, dilation[d]!)) as [
    Tensor,
    Tensor,
  ];
  return { rows, columns, kernel, count, padding };
}
