// Elements back to where max pooling found them.

import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import { named } from "../../core/options.js";
import { sameShape } from "../../core/shape.js";
import { maxUnpool } from "../../ops/pool.js";
import { apply, type Tensor } from "../../tensor/tensor.js";
import type { Size } from "./size.js";
import * as windows from "./window.js";

export interface MaxUnpoolOptions {
  /** Of the pooling. Default: the kernel size. */
  readonly stride?: Size | readonly [] | null;
  /** Of the pooling. Default 0. */
  readonly padding?: Size | null;
  /** Of what was pooled, with or without batch and channels. Default: the smallest that fits. */
  readonly outputSize?: readonly number[] | null;
}

type Stride = windows.StrideOr<Size, MaxUnpoolOptions>;

/** Zeros, and the elements of x where the indices of maxPool1d say: [N, C, L] or [C, L] -> [..., OL]. */
export function maxUnpool1d(x: Tensor, indices: Tensor, size: Size, stride?: Stride): Tensor {
  return unpool("maxUnpool1d", 1, x, indices, size, named<MaxUnpoolOptions>(stride, "stride"));
}

/** Zeros, and the elements of x where the indices of maxPool2d say: [N, C, H, W] or [C, H, W] -> [..., OH, OW]. */
export function maxUnpool2d(x: Tensor, indices: Tensor, size: Size, stride?: Stride): Tensor {
  return unpool("maxUnpool2d", 2, x, indices, size, named<MaxUnpoolOptions>(stride, "stride"));
}

/** Zeros, and the elements of x where the indices of maxPool3d say: [N, C, D, H, W] or [C, D, H, W] -> [..., OD, OH, OW]. */
export function maxUnpool3d(x: Tensor, indices: Tensor, size: Size, stride?: Stride): Tensor {
  return unpool("maxUnpool3d", 3, x, indices, size, named<MaxUnpoolOptions>(stride, "stride"));
}

function unpool(
  op: string,
  count: number,
  x: Tensor,
  indices: Tensor,
  kernelSize: Size,
  options: MaxUnpoolOptions,
): Tensor {
  const { kernelSize: kernel, stride, padding } = windows.windowOf(op, count, kernelSize, options);
  windows.checkPlaces(op, count, x);
  checkTensor(op, indices);
  if (!sameShape(x.shape, indices.shape)) {
    throw new ShapeError(op, [x.shape, indices.shape], "each element needs an index");
  }
  const lead = x.shape.slice(0, -count);
  const least = x.shape.slice(-count).map((n, d) => (n - 1) * stride[d]! - 2 * padding[d]! + kernel[d]!);
  const given = options.outputSize ?? least;
  const size = given.length === x.ndim ? given.slice(-count) : given;
  if (size.length !== count || size.some((n, d) => Math.abs(n - least[d]!) >= stride[d]!)) {
    const problem = `outputSize must be less than a stride away from ${least.join(", ")}, got ${size.join(", ")}`;
    throw new ShapeError(op, [x.shape], problem);
  }
  const flat = (tensor: Tensor, length: number): Tensor => tensor.reshape([...lead, length]);
  const [from, to] = [x.shape.slice(-count), size].map((shape) => shape.reduce((n, length) => n * length, 1));
  return apply(maxUnpool, [flat(x, from!), flat(indices, from!)], { length: to!, op })
    .reshape([...lead, ...size])
    .asBase();
}
