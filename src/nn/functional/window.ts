// Windows of pooling in one, two or three dimensions, as pooling over planes sees them.

import { checkTensor } from "../../core/check.js";
import { ShapeError } from "../../core/errors.js";
import type { Pool2dAttributes } from "../../kernels/pool2d.js";
import { fromHost } from "../../tensor/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { plane, planeSteps, type Size, type Steps, sizes, steps } from "./size.js";

export interface WindowOptions<S = Size> {
  /** Default, also if the list is empty: the kernel size. */
  readonly stride?: S | readonly [] | null;
  /** What is added on every side. Default 0. */
  readonly padding?: S | null;
  readonly dilation?: S | null;
  /** Rounds the output size up instead of down. Default false. */
  readonly ceilMode?: boolean;
}

/** A stride by position, as people write it, or the options that may hold it. */
export type StrideOr<S, Options> = S | readonly [] | null | Options;

export interface Window extends Steps {
  readonly kernelSize: readonly number[];
}

const FORMS = ["[N, C, L] or [C, L]", "[N, C, H, W] or [C, H, W]", "[N, C, D, H, W] or [C, D, H, W]"];

/** Throws unless x has `count` dimensions behind batch and channels. */
export function checkPlaces(op: string, count: number, x: Tensor): void {
  checkTensor(op, x);
  if (x.ndim === count + 1 || x.ndim === count + 2) return;
  throw new ShapeError(op, [x.shape], `x must be ${FORMS[count - 1]}`);
}

/** The window of the arguments, checked. */
export function windowOf(op: string, count: number, kernelSize: Size, options: WindowOptions): Window {
  const { stride } = options;
  const isGiven = stride != null && !(Array.isArray(stride) && stride.length === 0);
  const kernel = sizes(op, "kernelSize", kernelSize, count);
  return { kernelSize: kernel, ...steps(op, count, { ...options, stride: isGiven ? (stride as Size) : kernel }) };
}

/** The window in the last two dimensions; a row is a plane of height 1. */
export function planeWindow(window: Window): Pool2dAttributes {
  return { kernelSize: plane(window.kernelSize), ...planeSteps(window) };
}

/** The window along the depth, for columns [D, H W]. */
export function depthWindow({ kernelSize, stride, padding, dilation }: Window): Pool2dAttributes {
  const [kernel, step, pad, spread] = [kernelSize, stride, padding, dilation].map(([depth]) => depth!) as number[];
  return { kernelSize: [kernel!, 1], stride: [step!, 1], padding: [pad!, 0], dilation: [spread!, 1] };
}

/** [.., D, H, W] as columns [.., D, H W]. */
export function columns(x: Tensor): Tensor {
  return x.reshape([...x.shape.slice(0, -2), x.size(-2) * x.size(-1)]);
}

/** Columns [.., D, H W] as [.., D, H, W], H and W those of `like`. */
export function uncolumned(x: Tensor, like: Tensor): Tensor {
  return x.reshape([...x.shape.slice(0, -1), ...like.shape.slice(-2)]).asBase();
}

/** Where along a dimension each tap of each of `count` windows is: int32 [count kernel]. */
export function tapsOf(count: number, stride: number, kernel: number, dilation: number): Tensor {
  const index = Int32Array.from({ length: count * kernel }, (_, i) => {
    return Math.floor(i / kernel) * stride + (i % kernel) * dilation;
  });
  return fromHost(index, [index.length], "int32");
}
