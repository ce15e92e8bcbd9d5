// Reductions over any dimensions, with a fused pointwise prologue, in one stage or two.

import { type DType, isFloatingPoint } from "../core/dtype.js";
import { contiguous } from "../core/layout.js";
import { numel, reduceShape, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { isNaNExpression, spell, type ValueType, valueType } from "./pointwise/function.js";
import { Fusion } from "./pointwise/fusion.js";
import { trace } from "./pointwise/trace.js";
import { kernelSource } from "./source.js";

export type Reduction = "sum" | "prod" | "max" | "min";

/** Reductions shorter than this are left to one lane each. */
const SHORT = 32;
const COLUMN_LANES = 64; // WORKGROUP_SIZE of reduce-columns.wgsl

/**
 * Combines the elements along `dims` (ascending); the result keeps those dimensions with size 1.
 * @param scale - floating-point sums are multiplied by it: 1 / count makes a mean
 */
export function reduce(kind: Reduction, x: NDArray, dims: readonly number[], scale = 1): NDArray {
  const { shape, dtype, device } = x;
  const keptDims = shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const outShape = reduceShape(shape, dims, true);
  if (numel(shape) === 0) return NDArray.constant(identityOf(kind, dtype), dtype, outShape, device);

  const reducedCount = sizeOf(shape, dims);
  const isRow = reducedCount >= SHORT && isInnermostAmong(shape, dims);
  const groups = isRow ? [keptDims, dims] : [dims, keptDims];
  const prologue = new Fusion({ trace: trace([x]), shape, groups, vectors: true });
  const [kept, reduced] = isRow ? prologue.extents : [...prologue.extents].reverse();
  const segments = isRow ? rowSegments(kept!, reduced!) : columnSegments(kept!, reduced!);
  const isOneStage = segments === 1;

  const lanes = isRow ? 1 : prologue.width; // a column lane yields as many results as it reads elements
  const partial = isRow ? [kept!, segments] : [segments, kept! * lanes];
  const y = NDArray.empty(dtype, isOneStage ? outShape : partial, device);
  const file = isRow ? "reduce-rows" : "reduce-columns";
  const key = `${file} ${kind} ${dtype} ${prologue.key}`;
  const kernel = device.kernel(key, () => sourceOf(kind, x, prologue, isRow));
  const params = [kept!, reduced!, segments, Math.ceil(reduced! / segments), bitsOf(identityOf(kind, dtype), dtype)];
  const workgroups = isRow ? kept! * segments : Math.ceil((kept! * segments) / COLUMN_LANES);
  const blocks = [y.realize().storage.block, ...prologue.blocks];
  device.launch(kernel, [...params, isOneStage ? scale : 1, ...prologue.values], blocks, workgroups);
  if (isOneStage) return y;
  return reduce(kind, y, [isRow ? 1 : 0], scale).view(({ offset }) => contiguous(outShape, offset));
}

function sourceOf(kind: Reduction, x: NDArray, prologue: Fusion, isRow: boolean): ReturnType<typeof kernelSource> {
  const type = valueType(x.dtype, 1);
  const vector = valueType(x.dtype, prologue.width);
  const linear = isRow ? ["k", "r"] : ["r", "k"];
  const combine = (name: string, t: ValueType): string => {
    return `fn ${name}(a: ${spell(t)}, b: ${spell(t)}) -> ${spell(t)} { return ${combineExpression(kind, t)}; }`;
  };
  const joined = prologue.width === 1 ? "v" : "combine(combine(v.x, v.y), combine(v.z, v.w))";
  const scaled = kind === "sum" && isFloatingPoint(x.dtype);
  const finish = (name: string, t: ValueType): string => {
    return `fn ${name}(v: ${spell(t)}) -> ${spell(t)} { return v${scaled ? ` * ${type.element}(p.scale)` : ""}; }`;
  };
  return kernelSource(isRow ? "reduce-rows" : "reduce-columns", {
    variant: `${kind} ${prologue.key}`,
    types: { T: spell(type), V: spell(vector) },
    slots: {
      combine: `fn from_bits(bits: u32) -> T { return ${fromBits(x.dtype)}; }\n${combine("combine", type)}\n${combine("combine_v", vector)}\nfn join(v: V) -> T { return ${joined}; }`,
      load: `fn load(${linear.map((name) => `${name}: u32`)}) -> V {\n${prologue.body(linear)}\nreturn ${prologue.nameOf(x)};\n}`,
      finish: `${finish("finish", type)}\n${finish("finish_v", vector)}`,
    },
    additions: { buffers: prologue.buffers, params: prologue.params, imports: prologue.imports },
  });
}

function combineExpression(kind: Reduction, type: ValueType): string {
  if (kind === "sum") return "a + b";
  if (kind === "prod") return "a * b";
  if (!isFloatingPoint(type.dtype)) return `${kind}(a, b)`;
  // A NaN wins from either side: against NaN the comparison is false and b is taken.
  return `select(b, a, (a ${kind === "max" ? ">" : "<"} b) | ${isNaNExpression(type, "a")})`;
}

function identityOf(kind: Reduction, dtype: DType): number {
  if (kind === "sum") return 0;
  if (kind === "prod") return 1;
  const isMax = kind === "max";
  if (isFloatingPoint(dtype)) return isMax ? -Infinity : Infinity;
  if (dtype === "int32") return isMax ? -(2 ** 31) : 2 ** 31 - 1;
  return isMax ? 0 : 255;
}

/** The bits of a value as WGSL holds it in a computation; float16 travels as float32. */
function bitsOf(value: number, dtype: DType): number {
  return isFloatingPoint(dtype) ? new Uint32Array(Float32Array.of(value).buffer)[0]! : value;
}

function fromBits(dtype: DType): string {
  if (dtype === "float16") return "f16(bitcast<f32>(bits))";
  return `bitcast<${valueType(dtype, 1).element}>(bits)`;
}

function sizeOf(shape: Shape, dims: readonly number[]): number {
  return dims.reduce((count, d) => count * shape[d]!, 1);
}

/** Whether the innermost dimension that is wider than 1 is among `dims`. */
function isInnermostAmong(shape: Shape, dims: readonly number[]): boolean {
  const innermost = shape.findLastIndex((size) => size > 1);
  return dims.includes(innermost);
}

/** A few rows are cut into segments, so that there is work for all of the GPU. */
function rowSegments(rows: number, length: number): number {
  return rows >= 64 ? 1 : Math.max(1, Math.min(1024, Math.floor(length / 4096)));
}

/** Few or long columns likewise: up to 4096 lanes, each with at least 64 elements to combine. */
function columnSegments(columns: number, length: number): number {
  return Math.max(1, Math.min(Math.ceil(4096 / columns), Math.floor(length / 64), 1024));
}
