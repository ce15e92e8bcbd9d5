// Bisection in sorted rows.

import { dtypes } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { LANES } from "./indexed.js";
import { kernelSource } from "./source.js";
import searchsortedWgsl from "./wgsl/searchsorted.js";

/**
 * How many elements of the sorted row come before each element of x; int32 of x's shape.
 * @param sequence - [.., N] with x's leading dimensions, or [N] for all rows
 */
export function searchsorted(sequence: NDArray, x: NDArray, isRight: boolean): NDArray {
  const { device, dtype } = sequence;
  const y = NDArray.empty("int32", x.shape, device);
  const N = sequence.shape.at(-1)!;
  if (numel(x.shape) === 0) return y;
  const isShared = sequence.shape.length === 1;
  const M = isShared ? numel(x.shape) : x.shape.at(-1)!;
  const kernel = device.kernel(`searchsorted ${dtype}`, () => {
    const { stored } = dtypes[dtype];
    const isFloat = stored === "f32" || stored === "f16";
    const nan = `fn never_ordered(x: T) -> bool { return ${isFloat ? "is_nan(x)" : "false"}; }`;
    return kernelSource(searchsortedWgsl, { types: { S: stored, T: isFloat ? "f32" : stored }, slots: { nan } });
  });
  const [rows, xs] = [sequence.contiguous(), x.contiguous()];
  const params = [numel(x.shape) / M, N, M, rows.start, xs.start, Number(isShared), Number(isRight)];
  device.launch(kernel, params, [rows.block, xs.block, y.block], Math.ceil(numel(x.shape) / LANES));
  return y;
}
