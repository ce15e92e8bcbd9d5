// Reductions over any dimensions, with a fused pointwise prologue, in one stage or two.

import { type DType, dtypes, isFloatingPoint } from "../core/dtype.js";
import { numel, type Shape } from "../core/shape.js";
import { NDArray } from "./array.js";
import { inFrame } from "./frame.js";
import { isNaNExpression, spell, type ValueType, valueType } from "./pointwise/function.js";
import { Fusion } from "./pointwise/fusion.js";
import { storing } from "./pointwise/launch.js";
import { countComputations, countLeaves, trace } from "./pointwise/trace.js";
import { chooseWay, columnsOf, lanesOf, segmentsOf, type Way } from "./reduce-way.js";
import { kernelSource } from "./source.js";
import reduceColumnBlocksWgsl from "./wgsl/reduce-column-blocks.js";
import reduceColumnsWgsl from "./wgsl/reduce-columns.js";
import reduceRowsWgsl from "./wgsl/reduce-rows.js";

export type Reduction = "sum" | "prod" | "max" | "min";

export interface ReduceOptions {
  /** Shape of the result: x's without the reduced dimensions, or with size 1 in their place. */
  readonly shape: Shape;
  /** Floating-point sums are multiplied by it: 1 / count makes a mean. Default 1. */
  readonly scale?: number;
  /** Of the result: x's, or where x holds float16 as float32, float16. Default: x's. */
  readonly dtype?: DType;
}

/** Combines the elements along `dims` (ascending). Launched when needed. */
export function reduce(
  kind: Reduction,
  x: NDArray,
  dims: readonly number[],
  { shape, scale = 1, dtype = x.dtype }: ReduceOptions,
): NDArray {
  const { device } = x;
  if (numel(x.shape) === 0) return NDArray.constant(identityOf(kind, dtype), dtype, shape, device);
  return NDArray.deferred(dtype, shape, {
    inputs: [x],
    buffers: countLeaves([x]),
    launch: (epilogue) => launch(kind, x, dims, scale, dtype, epilogue),
  });
}

/** @param result - dtype that the epilogue takes; float16 is combined in float32, and rounded once */
function launch(
  kind: Reduction,
  x: NDArray,
  dims: readonly number[],
  scale: number,
  result: DType,
  epilogue: Fusion,
): void {
  const { shape, device } = x;
  const keptDims = shape.map((_, d) => d).filter((d) => !dims.includes(d));
  const way = chooseWay(device, shape, dims);
  const groups = way === "columns" ? [dims, keptDims] : [keptDims, dims];
  const traced = trace([x]);
  countComputations(traced, []);
  const prologue = new Fusion({ trace: traced, shape, groups, vectors: true, prefix: "q" });
  const [kept, reduced] = extentsOf(prologue, way);
  const segments = segmentsOf(way, kept, reduced);
  if (segments > 1) {
    // First the segments, each by itself; then the results of the segments.
    const results = way === "columns" ? prologue.width : 1; // of a lane or workgroup
    const partial = way === "workgroup per row" ? [kept, segments] : [segments, kept * results];
    inFrame(() => {
      const y = NDArray.empty(combinedAs(x.dtype), partial, device);
      run(kind, x, prologue, way, segments, 1, y.dtype, storing(y));
      launch(kind, y, [way === "workgroup per row" ? 1 : 0], scale, result, epilogue);
      return undefined;
    });
  } else {
    run(kind, x, prologue, way, 1, scale, result, epilogue);
  }
}

/** How many elements or vectors are kept, and how many reduced. */
function extentsOf({ extents }: Fusion, way: Way): [kept: number, reduced: number] {
  const [first, second] = extents as [number, number];
  return way === "columns" ? [second, first] : [first, second];
}

function run(
  kind: Reduction,
  x: NDArray,
  prologue: Fusion,
  way: Way,
  segments: number,
  scale: number,
  result: DType,
  epilogue: Fusion,
): void {
  const { dtype, device } = x;
  const [kept, reduced] = extentsOf(prologue, way);
  const key = `${way} ${kind} ${dtype} ${result} ${prologue.key} > ${epilogue.key}`;
  const isWorkgroup = way === "workgroup per row";
  const columns = columnsOf(device, way, kept, segments);
  const kernel = device.kernel(`${key} ${columns}`, () => {
    return sourceOf(kind, x, prologue, result, epilogue, way, columns);
  });
  const params = [
    kept,
    reduced,
    segments,
    Math.ceil(reduced / segments),
    bitsOf(identityOf(kind, dtype), dtype),
    scale,
  ];
  const lanes = (kept * segments) / columns;
  const workgroups = isWorkgroup ? lanes : Math.ceil(lanes / lanesOf(way));
  const blocks = [...prologue.blocks, ...epilogue.blocks];
  device.launch(kernel, [...params, ...prologue.values, ...epilogue.values], blocks, workgroups);
}

function sourceOf(
  kind: Reduction,
  x: NDArray,
  prologue: Fusion,
  result: DType,
  epilogue: Fusion,
  way: Way,
  columns: number,
): ReturnType<typeof kernelSource> {
  const type = valueType(combinedAs(x.dtype), 1);
  const vector = valueType(type.dtype, prologue.width);
  const finished = dtypes[result].value;
  const isWidened = type.dtype !== x.dtype;
  const loaded = isWidened ? `${spell(vector)}(${prologue.nameOf(x)})` : prologue.nameOf(x);
  const isWorkgroup = way === "workgroup per row";
  const linear = way === "columns" ? ["r", "k"] : ["k", "r"];
  const combine = (name: string, t: ValueType): string => {
    return `fn ${name}(a: ${spell(t)}, b: ${spell(t)}) -> ${spell(t)} { return ${combineExpression(kind, t)}; }`;
  };
  const joined = prologue.width === 1 ? "v" : "combine(combine(v.x, v.y), combine(v.z, v.w))";
  const scaled = kind === "sum" && isFloatingPoint(x.dtype);
  const isVector = way === "columns" && prologue.width === 4; // of results
  const stores = isVector
    ? [0, 1, 2, 3].map((j) => `epilogue(i * 4 + ${j}, finish(v[${j}]));`)
    : ["epilogue(i, finish(join(v)));"];
  const file = isWorkgroup ? reduceRowsWgsl : columns > 1 ? reduceColumnBlocksWgsl : reduceColumnsWgsl;
  return kernelSource(file, {
    variant: `${way} ${kind} ${prologue.key} > ${epilogue.key}`,
    ...(isWorkgroup ? {} : { constants: { WORKGROUP_SIZE: lanesOf(way) } }),
    types: { T: spell(type), V: spell(vector) },
    slots: {
      combine: `fn from_bits(bits: u32) -> T { return ${fromBits(combinedAs(x.dtype))}; }\n${combine("combine", type)}\n${combine("combine_v", vector)}\nfn join(v: V) -> T { return ${joined}; }`,
      load: `fn load(k: u32, r: u32) -> V {\n${prologue.body(linear)}\nreturn ${loaded};\n}`,
      finish: `fn finish(v: T) -> ${finished} { return ${finished}(v${scaled ? " * p.scale" : ""}); }`,
      epilogue: epilogue.epilogue(finished),
      store: `fn store(i: u32, v: V) { ${stores.join(" ")} }`,
    },
    additions: {
      buffers: [...prologue.buffers, ...epilogue.buffers],
      params: [...prologue.params, ...epilogue.params],
      imports: new Set([...prologue.imports, ...epilogue.imports]),
    },
  });
}

export function combineExpression(kind: Reduction, type: ValueType): string {
  if (kind === "sum") return "a + b";
  if (kind === "prod") return "a * b";
  if (!isFloatingPoint(type.dtype)) return `${kind}(a, b)`;
  // A NaN wins from either side: against NaN the comparison is false and b is taken.
  return `select(b, a, (a ${kind === "max" ? ">" : "<"} b) | ${isNaNExpression(type, "a")})`;
}

export function identityOf(kind: Reduction, dtype: DType): number {
  if (kind === "sum") return 0;
  if (kind === "prod") return 1;
  const isMax = kind === "max";
  if (isFloatingPoint(dtype)) return isMax ? -Infinity : Infinity;
  if (dtype === "int32") return isMax ? -(2 ** 31) : 2 ** 31 - 1;
  return isMax ? 0 : 255;
}

/** The bits of a value as WGSL holds it in a computation; float16 travels as float32. */
export function bitsOf(value: number, dtype: DType): number {
  return isFloatingPoint(dtype) ? new Uint32Array(Float32Array.of(value).buffer)[0]! : value;
}

export function fromBits(dtype: DType): string {
  if (dtype === "float16") return "f16(bitcast<f32>(bits))";
  return `bitcast<${valueType(dtype, 1).element}>(bits)`;
}

/** float16 is combined as float32. */
function combinedAs(dtype: DType): DType {
  return dtype === "float16" ? "float32" : dtype;
}
