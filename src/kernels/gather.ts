// Reading by index.

import { dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { check, type IndexUse, indexStrides, LANES, split } from "./indexed.js";
import { kernelSource } from "./source.js";
import gatherWgsl from "./wgsl/gather.js";

/** Elements or vectors that one lane copies, at most. */
const RUN = 8;

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
  // Four neighbours that come from the same row are copied by one lane.
  const isShared = strides.values[2] === 0;
  const width = isShared && I % 4 === 0 && xs.start % 4 === 0 ? 4 : 1;
  // Software adapters pay for each lane's divisions and load of the index, GPUs for lanes that wait.
  const lanes = Math.ceil(I / width / (isShared && device.adapter.isSoftware ? RUN : 1));
  const kernel = device.kernel(`gather ${dtype} ${width}`, () => {
    const { stored } = dtypes[dtype];
    const types = { S: width === 4 ? `vec4<${stored}>` : stored };
    return kernelSource(gatherWgsl, { variant: `${dtype} ${width}`, types });
  });
  const places = [xs.start / width, indices.start, ...strides.values];
  const params = [O, J, I / width, D, ...places, Number(use.wraps ?? false), code, lanes];
  const blocks = [xs.block, indices.block, y.block, device.faults.block];
  device.launch(kernel, params, blocks, Math.ceil((O * J * lanes) / LANES));
  return y;
}
