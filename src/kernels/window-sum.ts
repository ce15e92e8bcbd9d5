// Elements of overlapping windows, added up where they overlap.

import { dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { kernelSource } from "./source.js";
import windowSumWgsl from "./wgsl/window-sum.js";

const LANES = 64; // WORKGROUP_SIZE of the kernel

/**
 * y[.., d, ..] = sum over the windows w that hold d of x[.., w, .., d - w * step].
 * @param x - [.., windows, .., size]: layouts.windows of something of `shape`
 */
export function windowSum(x: NDArray, shape: Shape, dim: number, step: number): NDArray {
  const { device, dtype } = x;
  if (numel(x.shape) === 0) return NDArray.constant(0, dtype, shape, device);
  const { stored } = dtypes[dtype];
  const [W, K, D] = [x.shape[dim]!, x.shape.at(-1)!, shape[dim]!];
  const [O, I] = [numel(shape.slice(0, dim)), numel(shape.slice(dim + 1))];
  const kernel = device.kernel(`window-sum ${dtype}`, () =>
    kernelSource(windowSumWgsl, { types: { S: stored, T: stored === "f16" ? "f32" : stored } }),
  );
  const y = NDArray.empty(dtype, shape, device);
  const xs = x.contiguous();
  const groups = Math.ceil(numel(shape) / LANES);
  device.launch(kernel, [O, W, I, K, D, step, xs.start], [xs.block, y.block], groups);
  return y;
}
