// Writing by index, where several elements may go to one place: combined, or the last one wins. Deterministic either way.

import { type DType, dtypes } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import type { Device } from "../runtime/device.js";
import { NDArray } from "./array.js";
import { check, type IndexUse, indexStrides, LANES, split } from "./indexed.js";
import { bitsOf, combineExpression, fromBits, identityOf, type Reduction } from "./reduce-source.js";
import { sortKeys } from "./sort.js";
import { kernelSource, type SourceOptions, type WgslFile } from "./source.js";
import scatterEndsWgsl from "./wgsl/scatter-ends.js";
import scatterFewWgsl from "./wgsl/scatter-few.js";
import scatterKeysWgsl from "./wgsl/scatter-keys.js";
import scatterLastWgsl from "./wgsl/scatter-last.js";
import scatterPutWgsl from "./wgsl/scatter-put.js";
import scatterReduceWgsl from "./wgsl/scatter-reduce.js";

/** Up to so many indices along the dimension, every element of the result looks at all of them. */
const FEW = 16;
/** Dtypes that are stored as they are computed in, element by element. */
const VECTORS: readonly DType[] = ["float32", "int32"];

/** What scatterReduce leaves where nothing goes. */
export function scatterIdentity(kind: Reduction, dtype: DType): number {
  const identity = identityOf(kind, dtype);
  return dtype === "bool" ? Math.min(identity, 1) : identity;
}

/**
 * y[o, d, i] = combination of x[o, j, i] over all j with index[o, j, i] = d; the identity where there is none (0 for a sum).
 * Deterministic: positions are sorted by index, stably, and combined in that order.
 * @param size - of dimension `dim` of the result
 */
export function scatterReduce(kind: Reduction, x: NDArray, index: NDArray, size: number, use: IndexUse): NDArray {
  const { device, dtype } = x;
  const shape = x.shape.with(use.dim, size);
  const identity = scatterIdentity(kind, dtype);
  if (numel(x.shape) === 0) return NDArray.constant(identity, dtype, shape, device);
  const { array, params, shared, code } = placesOf(index, x.shape, size, shape, use, device);
  const y = NDArray.empty(dtype, shape, device);
  const [O, J, I] = split(x.shape, use.dim);
  const xs = x.contiguous();
  const variant = `${kind} ${dtype}`;
  const bits = bitsOf(identity, dtype);
  const lanes = numel(shape);
  if (J <= FEW) {
    const few = [O, J, I, size, xs.start, ...params, code, bits];
    run(scatterFewWgsl, few, [xs, array, y], lanes, device, { ...combiningOf(kind, dtype, 1), variant, reports: true });
    return y;
  }
  const [keyO, keyI] = shared ? [1, 1] : [O, I];
  const R = keyO * keyI;
  const keys = NDArray.empty("int32", [R, J], device);
  run(scatterKeysWgsl, [keyO, J, keyI, size, ...params, code], [array, keys], R * J, device, { reports: true });
  const { sorted, order } = sortKeys(keys, J, Math.ceil(Math.log2(size + 1)));
  const ends = NDArray.empty("int32", [R, size], device);
  run(scatterEndsWgsl, [R, J, size], [sorted, ends], R * size, device);
  // Four neighbours that go the same way are combined by one lane.
  const width = shared && I % 4 === 0 && xs.start % 4 === 0 && VECTORS.includes(dtype) ? 4 : 1;
  const last = [O, size, I / width, J, xs.start / width, Number(shared), bits];
  const combining = { ...combiningOf(kind, dtype, width), variant: `${variant} ${width}` };
  run(scatterReduceWgsl, last, [xs, order, ends, y], lanes / width, device, combining);
  return y;
}

/**
 * For each element of the result 1 + the last j whose index names it, 0 where there is none; int32.
 * @param source - shape of what is scattered, to which the index broadcasts
 * @returns [O, D, I], or with size 1 in all dimensions but `dim` where the index is the same along those
 */
export function scatterLast(index: NDArray, source: Shape, size: number, use: IndexUse): NDArray {
  const { device } = index;
  const shape = source.with(use.dim, size);
  if (numel(source) === 0) return NDArray.constant(0, "int32", shape, device);
  const { array, params, shared, code } = placesOf(index, source, size, shape, use, device);
  const [O, J, I] = shared ? [1, source[use.dim]!, 1] : split(source, use.dim);
  const own = shared ? source.map((_, d) => (d === use.dim ? size : 1)) : shape;
  const last = NDArray.empty("int32", own, device);
  NDArray.constant(0, "int32", own, device).computeInto(last.realize());
  run(scatterLastWgsl, [O, J, I, size, ...params, code], [array, last], O * J * I, device, { reports: true });
  return last;
}

/** The base with x in the places that `last`, of scatterLast, names. */
export function scatterPut(base: NDArray, x: NDArray, last: NDArray, dim: number): NDArray {
  const { device, dtype, shape } = base;
  const y = NDArray.empty(dtype, shape, device);
  const [O, D, I] = split(shape, dim);
  const [from, xs] = [base.contiguous(), x.contiguous()];
  const isShared = numel(last.shape) === D;
  const params = [O, D, I, x.shape[dim]!, from.start, xs.start, Number(isShared)];
  const types = { S: dtypes[dtype].stored };
  run(scatterPutWgsl, params, [from, xs, last.contiguous(), y], numel(shape), device, { types, variant: dtype });
  return y;
}

/** The index as the kernels read it: where it starts, its strides and whether -1 is the last. */
function placesOf(
  index: NDArray,
  source: Shape,
  size: number,
  shape: Shape,
  use: IndexUse,
  device: Device,
): { array: NDArray; params: readonly number[]; shared: boolean; code: number } {
  const code = check(index, size, shape, use, device);
  const { array, values } = indexStrides(index, source, use.dim);
  const [O, , I] = split(source, use.dim);
  // An index that is the same for all o and i is one row of keys.
  const shared = (values[0] === 0 || O === 1) && (values[2] === 0 || I === 1);
  return { array, params: [array.start, ...values, Number(use.wraps ?? false)], shared, code };
}

interface RunOptions extends Pick<SourceOptions, "types" | "slots" | "variant"> {
  /** Whether the kernel reports indices out of range. */
  readonly reports?: boolean;
}

function run(
  file: WgslFile,
  params: readonly number[],
  arrays: readonly NDArray[],
  lanes: number,
  device: Device,
  { reports = false, ...options }: RunOptions = {},
): void {
  const kernel = device.kernel(`${file.name} ${options.variant}`, () => kernelSource(file, options));
  const blocks = arrays.map(({ block }) => block);
  device.launch(kernel, params, reports ? [...blocks, device.faults.block] : blocks, Math.ceil(lanes / LANES));
}

/** float16 is combined as float32. */
function combiningOf(kind: Reduction, dtype: DType, width: 1 | 4): Pick<RunOptions, "types" | "slots"> {
  const { stored } = dtypes[dtype];
  const T = stored === "f16" ? "f32" : stored;
  const value: DType = dtype === "float16" ? "float32" : dtype === "bool" ? "uint8" : dtype;
  // Bytes wrap; the sum of bools is whether any holds, and their product whether all do.
  const logical = dtype === "bool" ? ({ sum: "max", prod: "min", max: "max", min: "min" } as const)[kind] : kind;
  const whole = combineExpression(logical, { dtype: value, element: T, width });
  const expression = dtype === "uint8" ? `(${whole}) & 255u` : whole;
  const combine = `fn combine(a: T, b: T) -> T { return ${expression}; }\nfn from_bits(bits: u32) -> T { return T(${fromBits(value)}); }`;
  const types = width === 1 ? { S: stored, T } : { S: `vec4<${stored}>`, T: `vec4<${T}>` };
  return { types, slots: { combine } };
}
