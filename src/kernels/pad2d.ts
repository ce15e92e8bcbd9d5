// Planes with zeros around them, as convolution kernels read them.

import { type DType, dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { Pair } from "./conv2d.js";
import { kernelSource } from "./source.js";
import pad2dWgsl from "./wgsl/pad2d.js";

const LANES = 64; // WORKGROUP_SIZE of the kernel

/**
 * x [N, C, H, W] with zeros around it; itself if nothing has to be added.
 *
 * @param outSize - of the result, whose width is a multiple of four; what lies past it is cut off
 * @param before - zeros above and to the left; negative ones cut off
 */
export function padTo(x: NDArray, [OH, OW]: Pair, [top, left]: Pair): NDArray {
  const [N, C, IH, IW] = x.shape as [number, number, number, number];
  const { device, dtype } = x;
  const source = x.contiguous();
  const isAsIs = IH === OH && IW === OW && top === 0 && left === 0;
  if (isAsIs && source.start === 0) return source;
  const y = NDArray.empty(dtype, [N, C, OH, OW], device);
  const kernel = device.kernel(`pad2d ${dtype}`, () => {
    return kernelSource(pad2dWgsl, { variant: dtype, types: { T: dtypes[dtype].stored } });
  });
  const params = [N * C, IH, IW, OH, OW, top, left, source.start];
  device.launch(kernel, params, [source.block, y.block], Math.ceil(numel(y.shape) / 4 / LANES));
  return y;
}

/** What convolutions sum up in: float16 in float32; whole numbers as they are, exactly. */
export function summedIn(dtype: DType): "int32" | "float32" {
  return dtype === "int32" ? "int32" : "float32";
}
