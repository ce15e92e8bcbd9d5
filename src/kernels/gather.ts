// Reading by index.

import { dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { check, type IndexUse, indexStrides, LANES, split } from "./indexed.js";
import { kernelSource } from "./source.js";
import gatherWgsl from "./wgsl/gather.js";

/**
 * y[o, j, i] = x[o, index[o, j, i], i].
 * @param index - int32; its shape broadcasts to that of the result
 * @param shape - of the result: x's but for dimension `dim`
 */
export function gather(x: NDArray, index: NDArray, shape: Shape, use: IndexUse): NDArray {
  const { device, dtype } = x;
  const [O, D, I] = split(x.shape, use.dim);
  const J = shape[use.dim]!;
  const y = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return y;
  const code = check(index, D, x.shape, use, device);
  const strides = indexStrides(index, shape, use.dim);
  const [xs, indices] = [x.contiguous(), strides.array];
  const kernel = device.kernel(`gather ${dtype}`, () =>
    kernelSource(gatherWgsl, { types: { S: dtypes[dtype].stored } }),
  );
  const params = [O, J, I, D, xs.start, indices.start, ...strides.values, Number(use.wraps ?? false), code];
  device.launch(
    kernel,
    params,
    [xs.block, indices.block, y.block, device.faults.block],
    Math.ceil(numel(shape) / LANES),
  );
  return y;
}
