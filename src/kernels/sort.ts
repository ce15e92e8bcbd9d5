// Sorting: stable and deterministic. Elements become unsigned keys of the same order, and keys are sorted by row, short rows
// in workgroup memory, long ones digit by digit.

import { type DType, isFloatingPoint } from "../core/dtype.js";
import { permute } from "../core/layout.js";
import { numel } from "../core/shape.js";
import { NDArray } from "./array.js";
import type { PointwiseFunction } from "./pointwise/function.js";
import { kernelSource, type WgslFile } from "./source.js";
import radixCountWgsl from "./wgsl/radix-count.js";
import radixPlaceWgsl from "./wgsl/radix-place.js";
import radixScanWgsl from "./wgsl/radix-scan.js";
import sortRowsWgsl from "./wgsl/sort-rows.js";

const LONGEST = 1024; // of sort-rows.wgsl
const [BLOCK, BITS] = [1024, 5]; // of radix-*.wgsl

/** The positions along `dim` in the order of the elements, equal ones as they come; NaN is larger than any number. */
export function argsort(x: NDArray, dim: number, descending: boolean): NDArray {
  const { dtype, device, shape } = x;
  if (shape.length === 0 || numel(shape) === 0) return NDArray.constant(0, "int32", shape, device);
  const last = shape.length - 1;
  const swap = shape.map((_, d) => (d === dim ? last : d === last ? dim : d));
  const rows = dim === last ? x : x.view((layout) => permute(layout, swap));
  const keys = NDArray.pointwise(keyFunction(dtype, descending), "int32", rows.shape, [rows]);
  const { order } = sortKeys(keys, shape[dim]!, dtype === "bool" || dtype === "uint8" ? 8 : 32);
  const positions = order.reshape(rows.shape);
  return dim === last ? positions : positions.view((layout) => permute(layout, swap));
}

/**
 * Rows of C keys, sorted stably.
 * @param keys - unsigned numbers (in an int32 array)
 * @param bits - the lowest bits of a key that count; the others are 0
 * @returns the sorted keys, and the positions in the row that they had; both of int32
 */
export function sortKeys(keys: NDArray, C: number, bits: number): { sorted: NDArray; order: NDArray } {
  const { device } = keys;
  const count = numel(keys.shape);
  const R = count / C;
  const source = keys.contiguous();
  const run = (file: WgslFile, params: readonly number[], arrays: readonly NDArray[], groups: number): void => {
    const kernel = device.kernel(file.name, () => kernelSource(file));
    const blocks = arrays.map(({ block }) => block);
    device.launch(kernel, params, blocks, groups);
  };
  const pair = (): { sorted: NDArray; order: NDArray } => ({
    sorted: NDArray.empty("int32", [R, C], device),
    order: NDArray.empty("int32", [R, C], device),
  });
  let to = pair();
  if (C <= LONGEST) {
    const padded = 2 ** Math.ceil(Math.log2(Math.max(C, 2)));
    const rows = LONGEST / padded;
    run(sortRowsWgsl, [R, C, padded, source.start], [source, to.sorted, to.order], Math.ceil(R / rows));
    return to;
  }
  const blocks = Math.ceil(C / BLOCK);
  const starts = NDArray.empty("int32", [R, 2 ** BITS, blocks], device);
  let from = { sorted: source, order: starts }; // the first pass reads no order
  let spare = bits > BITS ? pair() : to;
  for (let shift = 0; shift < bits; shift += BITS) {
    const params = [R, C, blocks, shift, from.sorted.start];
    run(radixCountWgsl, params, [from.sorted, starts], R * blocks);
    run(radixScanWgsl, [R, 2 ** BITS * blocks], [starts], R);
    const order = shift === 0 ? from.sorted : from.order;
    run(
      radixPlaceWgsl,
      [...params, Number(shift === 0)],
      [from.sorted, order, starts, to.sorted, to.order],
      R * blocks,
    );
    [from, to, spare] = [to, spare, to];
  }
  return from;
}

/** Unsigned numbers in the order of the elements; -0 and 0 are equal, and all NaNs. */
function keyFunction(dtype: DType, descending: boolean): PointwiseFunction {
  const key = (x: string): string => {
    if (dtype === "int32") return `(bitcast<u32>(${x}) ^ 0x80000000u)`;
    if (!isFloatingPoint(dtype)) return `u32(${x})`;
    const bits = `bitcast<u32>(${dtype === "float32" ? x : `f32(${x})`})`;
    // Negative numbers are larger, as bits, the smaller they are.
    const ordered = `select(${bits} | 0x80000000u, ~${bits}, ${bits} > 0x80000000u)`;
    return `select(${ordered}, 0xffffffffu, (${bits} & 0x7fffffffu) > 0x7f800000u)`;
  };
  // Of bytes only the lowest bits are sorted.
  const inverse = isFloatingPoint(dtype) || dtype === "int32" ? "~" : "255u - ";
  return {
    name: `sortKey ${dtype} ${descending}`,
    scalarOnly: true,
    wgsl: ([x]) => `bitcast<i32>(${descending ? inverse : ""}${key(x!)})`,
  };
}
