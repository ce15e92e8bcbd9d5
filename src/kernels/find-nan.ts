// Looking for NaN, on the GPU: what is found is thrown at the next await.

import { dtypes, isFloatingPoint } from "../core/dtype.js";
import { numel } from "../core/shape.js";
import type { FaultError } from "../runtime/faults.js";
import type { NDArray } from "./array.js";
import { inFrame } from "./frame.js";
import { kernelSource } from "./source.js";
import findNanWgsl from "./wgsl/find-nan.js";

const LANES = 64; // WORKGROUP_SIZE of the kernel

/** @param error - made of the position of a NaN, if there is one, and of the number of elements */
export function findNaN(x: NDArray, error: FaultError): void {
  const { dtype, device, shape } = x;
  const count = numel(shape);
  if (count === 0 || !isFloatingPoint(dtype)) return;
  x.realize();
  inFrame(() => {
    const dense = x.contiguous();
    const { stored } = dtypes[dtype];
    const kernel = device.kernel(`find-nan ${dtype}`, () => kernelSource(findNanWgsl, { types: { S: stored } }));
    const params = [count, dense.start, device.faults.code(error)];
    device.launch(kernel, params, [dense.block, device.faults.block], Math.ceil(count / LANES));
    return undefined;
  });
}
