// Softmax and its logarithm along one dimension.

import { dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { kernelSource } from "./source.js";
import softmaxWgsl from "./wgsl/softmax.js";

/** Rows shorter than this get one lane each, 64 rows a workgroup. */
const SHORT = 32;

export function softmax(x: NDArray, dim: number, isLog: boolean): NDArray {
  const { device, dtype, shape } = x;
  const y = NDArray.empty(dtype, shape, device);
  if (numel(shape) === 0) return y;
  const C = shape[dim] ?? 1; // a number without dimensions is a row of its own
  const inner = numel(shape.slice(dim + 1));
  const rows = numel(shape) / C;
  const [WORKGROUP_SIZE, ROWS] = C < SHORT ? [1, 64] : [64, 1];
  const kernel = device.kernel(`softmax ${dtype} ${isLog} ${ROWS}`, () => {
    return kernelSource(softmaxWgsl, {
      types: { S: dtypes[dtype].stored },
      constants: { WORKGROUP_SIZE, ROWS, IS_LOG: Number(isLog) },
    });
  });
  const xs = x.contiguous();
  device.launch(kernel, [rows, C, inner, xs.start], [xs.block, y.block], Math.ceil(rows / ROWS));
  return y;
}
