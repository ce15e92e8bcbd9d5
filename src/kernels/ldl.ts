// A = L D L^T of symmetric matrices, and systems solved with it.

import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import { kernelSource } from "./source.js";
import ldlWgsl from "./wgsl/ldl.js";
import ldlSolveWgsl from "./wgsl/ldl-solve.js";

const LANES = 64; // WORKGROUP_SIZE of the kernels

/** L below the diagonal, D on and beside it, from the lower triangle of a [..., n, n]; LAPACK's pivots and info. */
export function ldl(a: NDArray): { ld: NDArray; pivots: NDArray; info: NDArray } {
  const { device, dtype, shape } = a;
  const [batches, n] = [numel(shape.slice(0, -2)), shape.at(-1)!];
  const ld = NDArray.empty(dtype, shape, device);
  a.computeInto(ld.realize());
  const pivots = NDArray.empty("int32", shape.slice(0, -1), device);
  if (n === 0) return { ld, pivots, info: NDArray.constant(0, "int32", shape.slice(0, -2), device) };
  const info = NDArray.empty("int32", shape.slice(0, -2), device);
  if (batches === 0) return { ld, pivots, info };
  const kernel = device.kernel("ldl", () => kernelSource(ldlWgsl));
  device.launch(kernel, [batches, n], [ld.block, pivots.block, info.block], Math.ceil(batches / LANES));
  return { ld, pivots, info };
}

/** X of A X = B: ld [..., n, n], pivots [..., n], b [..., n, k] of the same batch. */
export function ldlSolve(ld: NDArray, pivots: NDArray, b: NDArray): NDArray {
  const { device, dtype, shape } = b;
  const [batches, n, k] = [numel(shape.slice(0, -2)), shape.at(-2)!, shape.at(-1)!];
  const x = NDArray.empty(dtype, shape, device);
  b.computeInto(x.realize());
  if (numel(shape) === 0) return x;
  const [factors, exchanges] = [ld.contiguous(), pivots.contiguous()];
  const kernel = device.kernel("ldl-solve", () => kernelSource(ldlSolveWgsl));
  const blocks = [factors.block, exchanges.block, x.block];
  device.launch(kernel, [batches, n, k, factors.start, exchanges.start], blocks, Math.ceil((batches * k) / LANES));
  return x;
}
